#include "core/pipeline/score_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/support/score_programs.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ScoreProgramTest : public testing::Test {
 protected:
  ScoreProgram::Options options(const std::string& command, int time_limit_ms = 20'000) {
    return {.command = command, .time_limit = std::chrono::milliseconds(time_limit_ms), .stop = [this] {
              return stop_.load();
            }};
  }

  Result<double> score(ScoreProgram& program, const std::string& id = "7") {
    return program.score({.id = id, .title = "A title"}, photo_);
  }

  Error fault(ScoreProgram& program, const std::string& id = "7") {
    const auto result = score(program, id);
    EXPECT_FALSE(result.ok());
    return result.ok() ? Error{} : result.error();
  }

  test::TemporaryFolder folder_;
  std::string photo_ = folder_.write("photo.jpg", std::string(1234, 'x')).string();
  std::string log_ = (folder_ / "log").string();
  std::atomic<bool> stop_ = false;
};

TEST_F(ScoreProgramTest, AnswersPhotoAfterPhotoAndIsStartedOnce) {
  ScoreProgram program(options("echo started >> " + log_ + "; " + test::score_by_size()));
  EXPECT_FALSE(program.running());
  for (int i = 0; i < 20; ++i) {
    const auto result = score(program, "photo " + std::to_string(i));
    ASSERT_TRUE(result.ok()) << result.error().message;
    EXPECT_EQ(*result, 1234);
  }
  EXPECT_EQ(test::contents(log_), "started\n");
}

TEST_F(ScoreProgramTest, TextFromOutsideReachesNoShell) {
  ScoreProgram program(options(test::score_always("1")));
  const std::string evil = "$(touch " + (folder_ / "evil").string() + ")`touch " + (folder_ / "evil").string() + "`';";
  EXPECT_TRUE(program.score({.id = "1", .title = evil, .tags = {evil, "\n{}\n"}}, photo_).ok());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "evil"));
}

TEST_F(ScoreProgramTest, ALongRequestIsReadInPieces) {
  ScoreProgram program(options("sleep 0.05; " + test::score_always("2")));
  Photo photo{.id = "1"};
  for (int i = 0; i < 50'000; ++i)
    photo.tags.push_back("a tag of many");
  const auto result = program.score(photo, photo_);
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(*result, 2);
}

TEST_F(ScoreProgramTest, LiesAreThePhotosFaultAndTheProgramGoesOn) {
  // Every second answer is no JSON, and more than was asked for.
  ScoreProgram program(options("echo start >> " + log_ +
                               R"(; while read -r line; do printf 'what\nwhat\n'; read -r line;
                                    echo '{"id": "7", "score": 3}'; done)"));
  for (int i = 0; i < 8; ++i) {
    const Error error = fault(program);
    EXPECT_EQ(error.code, ErrorCode::bad_data);
    EXPECT_THAT(error.message, HasSubstr("no JSON object: \"what\""));
    EXPECT_EQ(*score(program), 3);
  }
  EXPECT_EQ(test::contents(log_), "start\n");
}

TEST_F(ScoreProgramTest, AnHonestRefusalIsNoFailure) {
  ScoreProgram program(options(R"(while read -r line; do echo '{"id": "7", "error": "too dark"}'; done)"));
  for (int i = 0; i < 2 * ConsecutiveFailures::kMost; ++i) {
    const Error error = fault(program);
    EXPECT_EQ(error.code, ErrorCode::bad_data);
    EXPECT_THAT(error.message, HasSubstr("too dark"));
  }
}

TEST_F(ScoreProgramTest, OneThatCrashesIsStartedAFewTimesAndThenGivenUp) {
  ScoreProgram program(options("echo start >> " + log_ + "; read -r line; exit 3"));
  for (int i = 1; i < ConsecutiveFailures::kMost; ++i) {
    const Error error = fault(program);
    EXPECT_EQ(error.code, ErrorCode::bad_data);
    EXPECT_THAT(error.message, HasSubstr("exit status 3"));
  }
  const Error last = fault(program);
  EXPECT_EQ(last.code, ErrorCode::model);
  EXPECT_THAT(last.message, AllOf(HasSubstr("given up"), HasSubstr("exit status 3")));
  EXPECT_EQ(fault(program).message, last.message);
  EXPECT_FALSE(program.running());
  EXPECT_EQ(test::contents(log_).size(), 6u * ConsecutiveFailures::kMost);
}

TEST_F(ScoreProgramTest, ACrashOnOnePhotoCostsThatPhoto) {
  ScoreProgram program(options(R"(while read -r line; do
      case $line in *bad*) exit 1;; *) echo '{"id": "good", "score": 1}';; esac; done)"));
  for (int i = 0; i < 2 * ConsecutiveFailures::kMost; ++i) {
    EXPECT_EQ(fault(program, "bad").code, ErrorCode::bad_data);
    EXPECT_TRUE(score(program, "good").ok());
  }
}

TEST_F(ScoreProgramTest, FaultsNameThePhoto) {
  ScoreProgram slow(options("exec sleep 1000", 200));
  const Error error = fault(slow, "seven");
  EXPECT_EQ(error.code, ErrorCode::network);
  EXPECT_THAT(error.message, HasSubstr("the scoring program gave no answer within 0.2 s (--timeout) for photo seven"));
  EXPECT_FALSE(slow.running());
  ScoreProgram endless(options("exec cat /dev/zero | tr '\\0' x"));
  EXPECT_THAT(fault(endless).message, HasSubstr("64 KiB in a line"));
  stop_ = true;
  ScoreProgram stopped(options(test::score_always("1")));
  EXPECT_EQ(fault(stopped).code, ErrorCode::interrupted);
}

}  // namespace
}  // namespace lookalike

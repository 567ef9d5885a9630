#include "core/pipeline/score_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "core/base/text/json.h"
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

using testing::Not;

const Photo kOnePhoto{.provider = "flickr",
                   .id = "2718",
                   .page_url = "https://www.flickr.com/photos/1@N0/2718",
                   .title = "A \"cat\"\n{\"id\": \"1\"}\x1b[2J \xff",
                   .tags = {"cat", "it's; rm -rf $HOME `id`"}};

std::string fault(std::string_view line) {
  const auto answer = parse_score_answer(line, kOnePhoto);
  EXPECT_FALSE(answer.ok()) << line.substr(0, 100);
  if (answer.ok()) return "";
  EXPECT_EQ(answer.error().code, ErrorCode::bad_data);
  return answer.error().message;
}

TEST(ScoreProtocol, ARequestIsOneLineOfJson) {
  const std::string line = score_request(kOnePhoto, "/tmp/a b.jpg");
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_TRUE(line.ends_with("}\n"));
  const auto request = parse_json(line);
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(json_text(*request, "schema"), "lookalike-score/1");
  EXPECT_EQ(json_text(*request, "id"), "2718");
  EXPECT_EQ(json_text(*request, "file"), "/tmp/a b.jpg");
  EXPECT_EQ(json_text(*request, "page_url"), kOnePhoto.page_url);
  EXPECT_EQ(json_text(*request, "title"), "A \"cat\"\n{\"id\": \"1\"}\x1b[2J \xEF\xBF\xBD");
  const auto& tags = *json_member(*request, "tags");
  ASSERT_EQ(tags.Size(), 2u);
  EXPECT_EQ(tags[1].GetString(), kOnePhoto.tags[1]);
}

TEST(ScoreProtocol, TakesAnyFiniteNumber) {
  const auto score = [](const std::string& number) {
    const auto answer = parse_score_answer("{\"id\": \"2718\", \"score\": " + number + ", \"more\": [1]}", kOnePhoto);
    EXPECT_TRUE(answer.ok()) << number;
    return answer.ok() ? std::get<double>(*answer) : -99;
  };
  EXPECT_EQ(score("0.1"), 0.1);
  EXPECT_EQ(score("-3"), -3);
  EXPECT_EQ(score("0"), 0);
  EXPECT_EQ(score("1e30"), 1e30);
  EXPECT_EQ(score("18446744073709551615"), 18446744073709551615.0);
  EXPECT_TRUE(parse_score_answer("{\"score\":1,\"id\":2718}", kOnePhoto).ok()) << "an id of digits may come as a number";
}

TEST(ScoreProtocol, AProgramMayHaveNoScoreForAPhoto) {
  const auto answer = parse_score_answer("{\"id\": \"2718\", \"error\": \"no face\\u001b in it\"}", kOnePhoto);
  ASSERT_TRUE(answer.ok());
  EXPECT_THAT(std::get<ScoreRefusal>(*answer).why, HasSubstr("in it"));
  EXPECT_THAT(std::get<ScoreRefusal>(*answer).why, Not(HasSubstr("\x1b")));
}

TEST(ScoreProtocol, LiesAreNamed) {
  EXPECT_THAT(fault(""), HasSubstr("no JSON object"));
  EXPECT_THAT(fault("0.7"), HasSubstr("no JSON object: \"0.7\""));
  EXPECT_THAT(fault("loading model..."), HasSubstr("loading model"));
  EXPECT_THAT(fault("[{\"id\": \"2718\", \"score\": 1}]"), HasSubstr("no JSON object"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": NaN}"), HasSubstr("no JSON object"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": 1e999}"), HasSubstr("no JSON object"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": 1e31}"), HasSubstr("1e30"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": \"0.7\"}"), HasSubstr("without a number"));
  EXPECT_THAT(fault("{\"id\": \"2718\", \"score\": null}"), HasSubstr("without a number"));
  EXPECT_THAT(fault("{\"id\": \"2718\"}"), HasSubstr("without a number"));
  EXPECT_THAT(fault("{\"score\": 1}"), HasSubstr("without an \"id\""));
  EXPECT_THAT(fault("{\"id\": \"3\", \"score\": 1}"), HasSubstr("answered for \"3\" when asked for \"2718\""));
  EXPECT_THAT(fault("\x1b[2J\xff"), Not(HasSubstr("\x1b")));
  EXPECT_LT(fault(std::string(100'000, 'x')).size(), 500u);
  EXPECT_THAT(fault(std::string(60'000, '[')), HasSubstr("no JSON object"));
}

}  // namespace
}  // namespace lookalike

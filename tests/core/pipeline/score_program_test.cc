#include "core/pipeline/score_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "tests/support/score_programs.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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

  // The number that a script wrote, once it has.
  pid_t pid_in(const std::filesystem::path& file) {
    std::string text;
    while ((text = test::contents(file)).find('\n') == std::string::npos)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return std::stoi(text);
  }

  static bool is_gone(pid_t pid) {
    for (int i = 0; i < 2000; ++i) {  // a killed grandchild is reaped by init in its own time
      if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
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
  for (int i = 0; i < 2 * ScoreProgram::kFailuresInARow; ++i) {
    const Error error = fault(program);
    EXPECT_EQ(error.code, ErrorCode::bad_data);
    EXPECT_THAT(error.message, HasSubstr("too dark"));
  }
}

TEST_F(ScoreProgramTest, OneThatCrashesIsStartedAFewTimesAndThenGivenUp) {
  ScoreProgram program(options("echo start >> " + log_ + "; read -r line; exit 3"));
  for (int i = 1; i < ScoreProgram::kFailuresInARow; ++i) {
    const Error error = fault(program);
    EXPECT_EQ(error.code, ErrorCode::bad_data);
    EXPECT_THAT(error.message, HasSubstr("exit status 3"));
  }
  const Error last = fault(program);
  EXPECT_EQ(last.code, ErrorCode::model);
  EXPECT_THAT(last.message, AllOf(HasSubstr("given up"), HasSubstr("exit status 3")));
  EXPECT_EQ(fault(program).message, last.message);
  EXPECT_FALSE(program.running());
  EXPECT_EQ(test::contents(log_).size(), 6u * ScoreProgram::kFailuresInARow);
}

TEST_F(ScoreProgramTest, OneThatNeverReadsIsNoTrap) {
  ScoreProgram gone(options("exec true"));
  EXPECT_EQ(fault(gone).code, ErrorCode::bad_data);
  ScoreProgram missing(options("/no/such/program 2> " + log_));
  EXPECT_THAT(fault(missing).message, HasSubstr("exit status 127"));
  ScoreProgram killed(options("kill -9 $$"));
  EXPECT_THAT(fault(killed).message, HasSubstr("signal 9"));
  ScoreProgram deaf(options("exec <&-; exec >&-; sleep 100"));
  EXPECT_EQ(fault(deaf).code, ErrorCode::bad_data);
}

TEST_F(ScoreProgramTest, ACrashOnOnePhotoCostsThatPhoto) {
  ScoreProgram program(options(R"(while read -r line; do
      case $line in *bad*) exit 1;; *) echo '{"id": "good", "score": 1}';; esac; done)"));
  for (int i = 0; i < 2 * ScoreProgram::kFailuresInARow; ++i) {
    EXPECT_EQ(fault(program, "bad").code, ErrorCode::bad_data);
    EXPECT_TRUE(score(program, "good").ok());
  }
}

TEST_F(ScoreProgramTest, TheSlowAreKilledWithTheirChildren) {
  ScoreProgram program(options("sleep 1000 & echo $! > " + log_ + "; read -r line; sleep 1000", 200));
  const Error error = fault(program);
  EXPECT_EQ(error.code, ErrorCode::network);
  EXPECT_THAT(error.message, HasSubstr("no answer within 0.2 s"));
  EXPECT_FALSE(program.running());
  EXPECT_TRUE(is_gone(pid_in(log_)));
}

TEST_F(ScoreProgramTest, ALineWithoutEndIsCutOff) {
  ScoreProgram endless(options("exec cat /dev/zero | tr '\\0' x"));
  EXPECT_THAT(fault(endless).message, HasSubstr("64 KiB in a line"));
  ScoreProgram megabyte(options(R"(read -r line; head -c 1000000 /dev/zero | tr '\0' ' '; echo; sleep 100)"));
  EXPECT_THAT(fault(megabyte).message, HasSubstr("64 KiB in a line"));
}

TEST_F(ScoreProgramTest, AStopIsSeenSoon) {
  ScoreProgram program(options("echo $$ > " + log_ + "; sleep 1000"));
  std::thread stopper([&] {
    pid_in(log_);
    stop_ = true;
  });
  EXPECT_EQ(fault(program).code, ErrorCode::interrupted);
  stopper.join();
  EXPECT_TRUE(is_gone(pid_in(log_)));
}

TEST_F(ScoreProgramTest, TheEndOfItsInputIsItsEnd) {
  {
    ScoreProgram program(options(std::string("trap '' TERM; ") + test::score_by_size() + "; echo done >> " + log_));
    EXPECT_TRUE(score(program).ok());
  }
  EXPECT_EQ(test::contents(log_), "done\n") << "it had the time to finish by itself";
  std::filesystem::remove(log_);
  pid_t pid = 0;
  {
    ScoreProgram stubborn(options("echo $$ > " + log_ + "; " + test::score_always("1") + "; sleep 1000"));
    EXPECT_TRUE(score(stubborn).ok());
    pid = pid_in(log_);
  }
  EXPECT_TRUE(is_gone(pid));
}

TEST_F(ScoreProgramTest, InheritsNoDescriptorsAndNoBlockedSignals) {
  const int leaked = ::dup(1);  // not closed on exec
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  {
    ScoreProgram program(options("ls /proc/self/fd | wc -l > " + log_ + "; grep SigBlk /proc/self/status >> " + log_ +
                                 "; " + test::score_always("1")));
    EXPECT_TRUE(score(program).ok());
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::close(leaked);
  EXPECT_THAT(test::contents(log_), AllOf(testing::StartsWith("4\n"), HasSubstr("SigBlk:\t0000000000000000")))
      << "the three and the one that ls opens";
}

}  // namespace
}  // namespace lookalike

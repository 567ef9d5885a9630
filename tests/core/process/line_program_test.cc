#include "core/process/line_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kEcho = R"sh(while read -r line; do printf 'heard %s\n' "$line"; done)sh";

class LineProgramTest : public testing::Test {
 protected:
  LineProgram::Options options(const std::string& command, int time_limit_ms = 20'000, size_t max_line = 64 << 10) {
    return {.command = command,
            .time_limit = std::chrono::milliseconds(time_limit_ms),
            .max_line_bytes = max_line,
            .stop = [this] { return stop_.load(); }};
  }

  static std::string answer(LineProgram& program, const std::string& question) {
    const auto line = program.ask(question + "\n");
    return line.ok() ? *line : "error: " + line.error().message;
  }

  static Error fault(LineProgram& program) {
    const auto line = program.ask("question\n");
    EXPECT_FALSE(line.ok());
    EXPECT_FALSE(program.running());
    return line.ok() ? Error{} : line.error();
  }

  // The number that a script wrote, once it has.
  static pid_t pid_in(const std::filesystem::path& file) {
    std::string text;
    while ((text = test::contents(file)).find('\n') == std::string::npos)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return std::stoi(text);
  }

  // It waits to be reaped.
  static bool has_ended(pid_t pid) {
    return test::contents("/proc/" + std::to_string(pid) + "/stat").find(") Z ") != std::string::npos;
  }

  static bool is_gone(pid_t pid) {
    for (int i = 0; i < 2000; ++i) {  // a killed grandchild is reaped by init in its own time
      if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  test::TemporaryFolder folder_;
  std::string log_ = (folder_ / "log").string();
  std::atomic<bool> stop_ = false;
};

TEST_F(LineProgramTest, AnswersQuestionAfterQuestionAndIsStartedOnce) {
  LineProgram program(options("echo started >> " + log_ + "; " + kEcho));
  EXPECT_FALSE(program.running());
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(answer(program, std::to_string(i)), "heard " + std::to_string(i));
  EXPECT_TRUE(program.running());
  EXPECT_EQ(test::contents(log_), "started\n");
}

TEST_F(LineProgramTest, LongLinesPassInPieces) {
  LineProgram program(options(std::string("sleep 0.05; ") + kEcho, 20'000, 4 << 20));
  const std::string text(1'000'000, 'x');
  EXPECT_EQ(answer(program, text), "heard " + text);
  EXPECT_EQ(answer(program, "short"), "heard short");
}

TEST_F(LineProgramTest, WhatWasNotAskedForIsNobodysAnswer) {
  LineProgram program(options(R"(while read -r line; do printf '%s\n%s\n' "$line" "$line"; done)"));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(answer(program, std::to_string(i)), std::to_string(i));
}

TEST_F(LineProgramTest, OneThatEndedBetweenTwoQuestionsIsStartedAgain) {
  LineProgram program(options("echo $$ > " + log_ + "; read -r line; echo \"$line\""));
  pid_t last = 0;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(answer(program, "x"), "x");
    const pid_t pid = pid_in(log_);
    EXPECT_NE(pid, last);
    last = pid;
    while (!has_ended(pid))
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

TEST_F(LineProgramTest, OneThatNeverReadsIsNoTrap) {
  LineProgram gone(options("exec true"));
  EXPECT_EQ(fault(gone).code, ErrorCode::bad_data);
  LineProgram missing(options("/no/such/program 2> " + log_));
  EXPECT_THAT(fault(missing).message, HasSubstr("exit status 127"));
  LineProgram killed(options("kill -9 $$"));
  EXPECT_THAT(fault(killed).message, HasSubstr("signal 9"));
  LineProgram deaf(options("exec <&-; exec >&-; sleep 100"));
  EXPECT_EQ(fault(deaf).code, ErrorCode::bad_data);
}

TEST_F(LineProgramTest, TheSlowAreKilledWithTheirChildren) {
  LineProgram program(options("sleep 1000 & echo $! > " + log_ + "; read -r line; sleep 1000", 200));
  const Error error = fault(program);
  EXPECT_EQ(error.code, ErrorCode::network);
  EXPECT_THAT(error.message, HasSubstr("no answer within 0.2 s"));
  EXPECT_TRUE(is_gone(pid_in(log_)));
}

TEST_F(LineProgramTest, ALineWithoutEndIsCutOff) {
  LineProgram endless(options("exec cat /dev/zero | tr '\\0' x"));
  EXPECT_THAT(fault(endless).message, HasSubstr("64 KiB in a line"));
  LineProgram megabyte(options(R"(read -r line; head -c 1000000 /dev/zero | tr '\0' ' '; echo; sleep 100)"));
  EXPECT_THAT(fault(megabyte).message, HasSubstr("64 KiB in a line"));
}

TEST_F(LineProgramTest, AStopIsSeenSoon) {
  LineProgram program(options("echo $$ > " + log_ + "; sleep 1000"));
  std::thread stopper([&] {
    pid_in(log_);
    stop_ = true;
  });
  EXPECT_EQ(fault(program).code, ErrorCode::interrupted);
  stopper.join();
  EXPECT_TRUE(is_gone(pid_in(log_)));
}

TEST_F(LineProgramTest, TheEndOfItsInputIsItsEnd) {
  {
    LineProgram program(options(std::string("trap '' TERM; ") + kEcho + "; echo done >> " + log_));
    EXPECT_EQ(answer(program, "1"), "heard 1");
  }
  EXPECT_EQ(test::contents(log_), "done\n") << "it had the time to finish by itself";
  std::filesystem::remove(log_);
  pid_t pid = 0;
  {
    LineProgram stubborn(options("echo $$ > " + log_ + "; " + kEcho + "; sleep 1000"));
    EXPECT_EQ(answer(stubborn, "1"), "heard 1");
    pid = pid_in(log_);
  }
  EXPECT_TRUE(is_gone(pid));
}

TEST_F(LineProgramTest, InheritsNoDescriptorsAndNoBlockedSignals) {
  const int leaked = ::dup(1);  // not closed on exec
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  {
    LineProgram program(
        options("ls /proc/self/fd | wc -l > " + log_ + "; grep SigBlk /proc/self/status >> " + log_ + "; " + kEcho));
    EXPECT_EQ(answer(program, "1"), "heard 1");
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::close(leaked);
  EXPECT_THAT(test::contents(log_), AllOf(testing::StartsWith("4\n"), HasSubstr("SigBlk:\t0000000000000000")))
      << "the three and the one that ls opens";
}

using testing::Not;

TEST(ConsecutiveFailures, TheLastOfTheRowEndsIt) {
  ConsecutiveFailures failures("run \x1B[31mme", ErrorCode::model);
  for (int i = 1; i < ConsecutiveFailures::kMost; ++i) {
    EXPECT_EQ(failures.failed({ErrorCode::network, "slow"}).code, ErrorCode::network);
    EXPECT_FALSE(failures.given_up());
  }
  const Error last = failures.failed({ErrorCode::network, "slow"});
  EXPECT_EQ(last.code, ErrorCode::model);
  EXPECT_THAT(last.message, AllOf(HasSubstr("slow; after 5 failures in a row it is given up"), HasSubstr("run"),
                                  Not(HasSubstr("\x1B"))));
  ASSERT_TRUE(failures.given_up());
  EXPECT_EQ(failures.given_up()->message, last.message);
}

TEST(ConsecutiveFailures, ASuccessBeginsAnew) {
  ConsecutiveFailures failures("me", ErrorCode::model);
  for (int i = 0; i < 3 * ConsecutiveFailures::kMost; ++i) {
    (void)failures.failed({ErrorCode::bad_data, "odd"});
    if (i % 2 == 1) failures.succeeded();
  }
  EXPECT_FALSE(failures.given_up());
}

TEST(ConsecutiveFailures, CanBeCutShort) {
  ConsecutiveFailures failures("me", ErrorCode::model);
  EXPECT_EQ(failures.give_up("cannot be started").code, ErrorCode::model);
  EXPECT_EQ(failures.given_up()->message, "cannot be started");
}

}  // namespace
}  // namespace lookalike

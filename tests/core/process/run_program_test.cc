#include "core/process/run_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

class RunProgramTest : public testing::Test {
 protected:
  ProgramRun shell(const std::string& script) {
    return {.program = "/bin/sh",
            .arguments = {"-c", script},
            .folder = folder_.path(),
            .environment = {"PATH=/usr/bin:/bin", "GREETING=hello"},
            .time_limit = std::chrono::seconds(20),
            .on_output = [this](std::string_view piece) { return output_ += piece, true; }};
  }
  TemporaryFolder folder_;
  std::string output_;
};

TEST_F(RunProgramTest, GivesOutputErrorsAndStatus) {
  const auto exit = run_program(shell("echo \"$GREETING from $(pwd)\"; echo oops >&2; exit 3"));
  ASSERT_TRUE(exit.ok()) << exit.error().message;
  EXPECT_EQ(exit->status, 3);
  EXPECT_EQ(exit->error_lines, "oops");
  EXPECT_EQ(output_, "hello from " + folder_.path().string() + "\n");
}

TEST_F(RunProgramTest, ArgumentsAreNotInterpreted) {
  ProgramRun run = shell("");
  run.program = "/bin/echo";
  run.arguments = {"$GREETING", "`id`", "a b", "*"};
  ASSERT_TRUE(run_program(run).ok());
  EXPECT_EQ(output_, "$GREETING `id` a b *\n");
}

TEST_F(RunProgramTest, StandardInputIsEmpty) {
  ASSERT_TRUE(run_program(shell("cat; echo end")).ok());
  EXPECT_EQ(output_, "end\n");
}

TEST_F(RunProgramTest, MuchOutputOnBothPipesIsRead) {
  const auto exit =
      run_program(shell("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero | tr '\\0' x >&2; printf last >&2"));
  ASSERT_TRUE(exit.ok());
  EXPECT_EQ(output_.size(), 1'000'000u);
  EXPECT_LE(exit->error_lines.size(), 2000u);
  EXPECT_TRUE(exit->error_lines.ends_with("last"));
}

TEST_F(RunProgramTest, ErrorLinesAreFitForATerminal) {
  const auto exit = run_program(shell("printf 'a\\033[31mb' >&2"));
  ASSERT_TRUE(exit.ok());
  EXPECT_EQ(exit->error_lines.find('\x1b'), std::string::npos);
}

TEST_F(RunProgramTest, IsKilledWithItsChildrenWhenTimeIsUp) {
  ProgramRun run = shell("(sleep 2; echo alive > survived) & sleep 60");
  run.time_limit = std::chrono::milliseconds(200);
  const auto start = std::chrono::steady_clock::now();
  const auto exit = run_program(run);
  ASSERT_FALSE(exit.ok());
  EXPECT_EQ(exit.error().code, ErrorCode::network);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "survived"));
}

TEST_F(RunProgramTest, StopRequestEndsIt) {
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  const auto exit = run_program(shell("sleep 60"), stop.get_token());
  ASSERT_FALSE(exit.ok());
  EXPECT_EQ(exit.error().code, ErrorCode::interrupted);
}

TEST_F(RunProgramTest, RefusedOutputEndsIt) {
  ProgramRun run = shell("yes");
  run.on_output = [](std::string_view) { return false; };
  const auto exit = run_program(run);
  ASSERT_FALSE(exit.ok());
  EXPECT_EQ(exit.error().code, ErrorCode::bad_data);
}

TEST_F(RunProgramTest, ChildThatKeepsThePipeOpenDoesNotHoldUs) {
  const auto start = std::chrono::steady_clock::now();
  const auto exit = run_program(shell("sleep 15 & echo done"));
  ASSERT_TRUE(exit.ok());
  EXPECT_EQ(output_, "done\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(RunProgramTest, SignalIsToldAsShellsDo) {
  EXPECT_EQ(run_program(shell("kill -TERM $$"))->status, 128 + 15);
}

TEST_F(RunProgramTest, MissingProgramIsAUsageError) {
  ProgramRun run = shell("");
  run.program = folder_ / "none";
  const auto exit = run_program(run);
  ASSERT_FALSE(exit.ok());
  EXPECT_EQ(exit.error().code, ErrorCode::usage);
  EXPECT_THAT(exit.error().message, HasSubstr("none"));
}

TEST(FindProgram, LooksInTheGivenPathOnly) {
  const TemporaryFolder folder;
  const auto program = folder.write_program("bin/tool", "exit 0");
  folder.write("plain/tool", "not executable");
  const std::string path = (folder / "plain").string() + ":relative:" + (folder / "bin").string();
  EXPECT_EQ(find_program("tool", {"A=b", "PATH=" + path}), program);
  EXPECT_EQ(find_program("tool", {"PATH=" + (folder / "plain").string()}), std::nullopt);
  EXPECT_EQ(find_program("tool", {}), std::nullopt);
  EXPECT_EQ(find_program("bin", {"PATH=" + folder.path().string()}), std::nullopt);
}

TEST(ProcessEnvironment, HoldsThePath) {
  const ProgramEnvironment environment = process_environment();
  EXPECT_TRUE(std::any_of(environment.begin(), environment.end(),
                          [](const std::string& entry) { return entry.starts_with("PATH="); }));
}

}  // namespace
}  // namespace lookalike

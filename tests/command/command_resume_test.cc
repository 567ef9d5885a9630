// A long run that is killed, cut off, or begun twice: nothing that was finished is lost, nothing is done twice.
#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>

#include "tests/command/batch_fixture.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

class CommandResumeTest : public BatchTest {};

TEST_F(CommandResumeTest, WhatIsDoneIsNotDoneAgain) {
  EXPECT_EQ(run(batch({query(0), query(1)}, {"--format", "jsonl", "--output", output()})).exit, 0);
  const std::string before = contents(output());
  const CommandResult refused = run(to_file());
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("--resume"));
  EXPECT_EQ(contents(output()), before);
  const CommandResult result = run(to_file({"--resume", "--jobs", "2"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("2 of them done before"));
  EXPECT_THAT(written(), UnorderedElementsAreArray(all_queries()));
  EXPECT_TRUE(contents(output()).starts_with(before));
  const int calls = service_->counts().api_calls;
  EXPECT_EQ(run(to_file({"--resume"})).exit, 0);
  EXPECT_EQ(service_->counts().api_calls, calls);
  EXPECT_THAT(written(), SizeIs(kQueries));
}

TEST_F(CommandResumeTest, AFileWithNewContentIsAnotherImage) {
  EXPECT_EQ(run(to_file()).exit, 0);
  folder_.write("queries/q3.jpg", make_jpeg(1, 1, 99));
  EXPECT_EQ(run(to_file({"--resume"})).exit, 0);
  EXPECT_EQ(written().size(), kQueries + 1u);
  EXPECT_EQ(written().back(), query(3));
}

TEST_F(CommandResumeTest, FailedImagesStayUnlessAskedFor) {
  folder_.write("queries/q2.jpg", "torn");
  EXPECT_EQ(run(to_file()).exit, 8);
  folder_.write("queries/q7.jpg", make_jpeg(7, 7, 7));
  EXPECT_EQ(run(to_file({"--resume"})).exit, 8);
  EXPECT_EQ(written().size(), kQueries + 1u);
  folder_.write("queries/q2.jpg", make_jpeg(2, 99, 2));
  const CommandResult again = run(to_file({"--resume", "--retry-failed"}));
  EXPECT_EQ(again.exit, 0) << again.err;
  auto all = all_queries();
  all.push_back(queries() + "/q7.jpg");
  EXPECT_THAT(written(), UnorderedElementsAreArray(all));
  EXPECT_THAT(contents(output()), Not(HasSubstr("\"error\":")));
}

TEST_F(CommandResumeTest, TwoRunsOnOneFileAreRefused) {
  start_service({.api_delay_ms = 300});
  RunningCommand first(command(to_file()), options());
  for (int i = 0; i < 5000 && !std::filesystem::exists(output()); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // from its making to its lock
  for (const char* mode : {"--resume", "--force"}) {
    const CommandResult second = run(to_file({mode}));
    EXPECT_EQ(second.exit, 2);
    EXPECT_THAT(second.err, AllOf(HasSubstr("another run"), HasSubstr(output())));
  }
  EXPECT_EQ(first.wait().exit, 0);
  EXPECT_THAT(written(), UnorderedElementsAreArray(all_queries()));
}

TEST_F(CommandResumeTest, ATornLastLineIsDoneAgain) {
  EXPECT_EQ(run(to_file()).exit, 0);
  std::filesystem::resize_file(output(), std::filesystem::file_size(output()) - 40);
  const CommandResult result = run(to_file({"--resume"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("incomplete"));
  EXPECT_THAT(written(), UnorderedElementsAreArray(all_queries()));
}

// docs/batch.md: tests/command/kill_loop.sh does the same with a real network and many more kills.
TEST_F(CommandResumeTest, KilledAtAnyInstantEachImageIsThereOnce) {
  start_service({.api_delay_ms = 4, .image_delay_ms = 4});
  int kills = 0;
  unsigned state = 12345;
  for (int attempt = 0; attempt < 60; ++attempt) {
    RunningCommand running(command(to_file({"--resume", "--jobs", "2"})), options());
    state = state * 1103515245 + 12345;
    const auto patience = std::chrono::milliseconds(kills < 8 ? 20 + (state >> 16) % 150 : 60'000);
    const auto until = std::chrono::steady_clock::now() + patience;
    if (kills < 8) {
      std::this_thread::sleep_until(until);
      running.signal(SIGKILL);
    }
    const CommandResult result = running.wait();
    if (result.exit == 0) break;
    ASSERT_EQ(result.exit, 128 + SIGKILL) << result.err;
    ++kills;
  }
  EXPECT_THAT(written(), UnorderedElementsAreArray(all_queries()));
}

TEST_F(CommandResumeTest, AnInterruptedRunLeavesOnlyWholeSearches) {
  start_service({.api_delay_ms = 60, .image_delay_ms = 30});
  RunningCommand running(command(to_file({"--jobs", "2"})), options());
  for (int i = 0; i < 5000 && service_->counts().image_calls < 4; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  running.signal(SIGTERM);
  const CommandResult stopped = running.wait();
  EXPECT_EQ(stopped.exit, 130) << stopped.err;
  EXPECT_THAT(contents(output()), Not(HasSubstr("interrupted")));
  EXPECT_EQ(run(to_file({"--resume"})).exit, 0);
  EXPECT_THAT(written(), UnorderedElementsAreArray(all_queries()));
}

}  // namespace
}  // namespace lookalike::test

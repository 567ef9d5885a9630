// Runs over many images: where they come from, how they share, what they cost, and how they end.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/command/batch_fixture.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

class CommandBatchTest : public BatchTest {};

TEST_F(CommandBatchTest, EveryImageOfADirectoryIsALine) {
  folder_.write("queries/notes.txt", "no image");
  folder_.write("queries/.hidden.jpg", "no image");
  const CommandResult result = run(batch({queries()}, {"--format", "jsonl", "--jobs", "3", "-v"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(sources_of(result.out), UnorderedElementsAreArray(all_queries()));
  EXPECT_THAT(result.err, AllOf(HasSubstr("skipped: 1 hidden, 1 that are not images"),
                                HasSubstr("6 of 6 images: 6 found"), HasSubstr("sharing saved")));
}

TEST_F(CommandBatchTest, ListsComeFromAFileOrFromStandardInput) {
  const std::string list = query(1) + "\n" + query(0) + "\n";
  const std::string file = folder_.write("list.txt", list).string();
  const CommandResult from_file = run(batch({}, {"--input", file, "--format", "jsonl"}));
  EXPECT_EQ(from_file.exit, 0) << from_file.err;
  EXPECT_THAT(sources_of(from_file.out), ElementsAreArray({query(1), query(0)}));
  CommandOptions piped = options();
  piped.input = query(2) + '\0' + query(3) + '\0';
  const CommandResult from_pipe = run_command(command(batch({}, {"--input", "-", "-0", "--format", "jsonl"})), piped);
  EXPECT_EQ(from_pipe.exit, 0) << from_pipe.err;
  EXPECT_THAT(sources_of(from_pipe.out), ElementsAreArray({query(2), query(3)}));
}

TEST_F(CommandBatchTest, ANameMayHoldAnyBytes) {
  const std::string name = queries() + "/caf\xe9 \n\x01.jpg";
  std::filesystem::copy_file(query(0), name);
  const CommandResult result = run(batch({queries()}, {"--format", "jsonl"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(sources_of(result.out), testing::Contains(name));
  EXPECT_THAT(result.out, HasSubstr("source_base64"));
}

TEST_F(CommandBatchTest, OneThatFailsIsALineAndTheOthersGoOn) {
  folder_.write("queries/q00.jpg", "this is no image");
  const CommandResult result = run(batch({queries(), "/no/such.jpg"}, {"--format", "jsonl", "--jobs", "2"}));
  EXPECT_EQ(result.exit, 8) << result.err;
  EXPECT_THAT(lines_of(result.out), SizeIs(kQueries + 2));
  EXPECT_THAT(result.out,
              AllOf(HasSubstr(R"("error":{"code":"bad_data")"), HasSubstr(R"("error":{"code":"not_found")")));
  EXPECT_THAT(result.err, HasSubstr("8 images: 6 found, 0 without a result, 2 failed"));
}

TEST_F(CommandBatchTest, FailFastBeginsNoOther) {
  folder_.write("queries/a.jpg", "this is no image");
  const CommandResult result = run(batch({queries()}, {"--format", "jsonl", "--fail-fast"}));
  EXPECT_EQ(result.exit, 8) << result.err;
  EXPECT_THAT(lines_of(result.out), SizeIs(1));
  EXPECT_EQ(run(batch({queries()}, {"--fail-fast", "--keep-going"})).exit, 2);
}

TEST_F(CommandBatchTest, OrderedLinesKeepTheImagesOrder) {
  start_service({.api_delay_ms = 20, .image_delay_ms = 20});
  const CommandResult result = run(batch({queries()}, {"--format", "jsonl", "--jobs", "4", "--ordered"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(sources_of(result.out), ElementsAreArray(all_queries()));
}

// All begin with the same tag, and there are 36 photos in all.
TEST_F(CommandBatchTest, JobsShareCallsAndDownloads) {
  start_service({.api_delay_ms = 20, .image_delay_ms = 5});
  const CommandResult result =
      run(batch({queries()}, {"--format", "jsonl", "--jobs", "6", "--max-images", "36", "--parallel", "12"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  const StandInCounts counts = service_->counts();
  EXPECT_LE(counts.image_calls, 36);
  EXPECT_LE(counts.most_api_at_once + counts.most_images_at_once, 24);
  std::set<std::string> asked;
  for (const auto& call : service_->calls())
    EXPECT_TRUE(asked.insert(call.at("text") + "/" + call.at("page")).second) << call.at("text");
}

TEST_F(CommandBatchTest, ShardsTogetherAreAllOfIt) {
  std::vector<std::string> sources;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const CommandResult result = run(batch({queries()}, {"--format", "jsonl", "--shard", shard}));
    EXPECT_EQ(result.exit, 0) << result.err;
    for (std::string& source : sources_of(result.out))
      sources.push_back(std::move(source));
  }
  EXPECT_THAT(sources, UnorderedElementsAreArray(all_queries()));
  EXPECT_EQ(run(batch({queries()}, {"--shard", "4/3"})).exit, 2);
}

TEST_F(CommandBatchTest, SeveralInJsonAreAnArray) {
  const CommandResult result = run(batch({queries()}, {"--json", "--jobs", "2"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  const auto documents = parse_json(result.out);
  ASSERT_TRUE(documents.ok());
  ASSERT_TRUE(documents->IsArray());
  EXPECT_EQ(documents->Size(), static_cast<unsigned>(kQueries));
}

TEST_F(CommandBatchTest, ARefusedKeyEndsTheRun) {
  auto arguments = batch({queries()}, {"--format", "jsonl", "--jobs", "2"});
  *std::find(arguments.begin(), arguments.end(), kTestKey) = std::string(32, 'f');
  const CommandResult result = run(arguments);
  EXPECT_EQ(result.exit, 3) << result.err;
  EXPECT_LE(service_->counts().api_calls, 8);
}

TEST_F(CommandBatchTest, TheRunsOwnBudgetIsKeptExactly) {
  const CommandResult result =
      run(to_file({"--total-calls", "7", "--max-images", "30", "--jobs", "3", "--strategy", "random"}));
  EXPECT_EQ(result.exit, 4) << result.err;
  EXPECT_LE(service_->counts().api_calls, 7);
  EXPECT_THAT(result.err, HasSubstr("--total-calls"));
  for (const std::string& line : lines_of(contents(output())))
    EXPECT_THAT(line, Not(HasSubstr("\"error\":")));  // what was not done is not in the output
  const CommandResult rest = run(to_file({"--resume"}));
  EXPECT_EQ(rest.exit, 0) << rest.err;
  EXPECT_THAT(written(), UnorderedElementsAreArray(all_queries()));
}

TEST_F(CommandBatchTest, WhenTheHourIsUsedUpTheRunMayStop) {
  const CommandResult result = run(to_file(
      {"--hourly-calls", "9", "--on-quota", "stop", "--max-images", "30", "--strategy", "random", "--jobs", "2"}));
  EXPECT_EQ(result.exit, 4) << result.err;
  EXPECT_EQ(service_->counts().api_calls, 9);
  EXPECT_THAT(contents(output()), Not(HasSubstr("\"error\":")));
  EXPECT_THAT(result.err, HasSubstr("hourly budget is used up"));
}

TEST_F(CommandBatchTest, OrWaitsUntilItIsInterrupted) {
  RunningCommand running(command(to_file({"--hourly-calls", "9", "--max-images", "30", "--strategy", "random"})),
                         options());
  for (int i = 0; i < 500 && service_->counts().api_calls < 9; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  running.signal(SIGINT);
  const CommandResult result = running.wait();
  EXPECT_EQ(result.exit, 130) << result.err;
  EXPECT_EQ(service_->counts().api_calls, 9);
  EXPECT_THAT(result.err, HasSubstr("waiting"));
}

TEST_F(CommandBatchTest, ADryRunSendsNothing) {
  const CommandResult result = run(to_file({"--dry-run", "--hourly-calls", "300", "--max-calls", "100"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("images  6"), HasSubstr("at most 600"), HasSubstr("300 left now"),
                                HasSubstr("about 1 h")));
  EXPECT_EQ(service_->counts().api_calls, 0);
  EXPECT_FALSE(std::filesystem::exists(output()));
}

TEST_F(CommandBatchTest, AClosedPipeEndsTheRun) {
  const std::string all = "'" + program_under_test() + "'";
  std::string line = all;
  for (const std::string& argument : batch({queries()}, {"--format", "jsonl"}))
    line += " '" + argument + "'";
  const CommandResult result = run_command({"/bin/sh", "-c", line + " | head -n 1"}, options());
  EXPECT_THAT(lines_of(result.out), SizeIs(1));
  EXPECT_THAT(result.err, Not(HasSubstr("error")));
}

TEST_F(CommandBatchTest, WrongUseIsSaid) {
  EXPECT_THAT(run(batch({queries()}, {"--resume"})).err, HasSubstr("--format jsonl --output FILE"));
  EXPECT_EQ(run(batch({queries()}, {"--retry-failed"})).exit, 2);
  EXPECT_EQ(run(batch({queries()}, {"-0"})).exit, 2);
  EXPECT_EQ(run(batch({}, {"--input", "/no/such/list"})).exit, 6);
  EXPECT_EQ(run(batch({queries()}, {"--jobs", "0"})).exit, 2);
}

TEST_F(CommandBatchTest, AnEmptyShardIsNoFailure) {
  const std::string one = folder_.write("alone/one.jpg", make_jpeg(1, 2, 3)).string();
  int lines = 0;
  for (const char* shard : {"1/2", "2/2"}) {
    const CommandResult result =
        run(batch({(folder_.path() / "alone").string()}, {"--format", "jsonl", "--shard", shard}));
    EXPECT_EQ(result.exit, 0) << result.err;
    lines += static_cast<int>(lines_of(result.out).size());
  }
  EXPECT_EQ(lines, 1);
}

}  // namespace
}  // namespace lookalike::test

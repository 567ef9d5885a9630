// The main job, end to end: the real binary, the real protocol, real pictures.
#include <gmock/gmock.h>
#include <signal.h>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "tests/command/command_fixture.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class CommandSearchTest : public CommandTest {};

TEST_F(CommandSearchTest, PrintsPageAddressesBestFirst) {
  start_service();
  const CommandResult result = run(flickr({"--top", "5"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const auto lines = split(result.out, '\n');
  ASSERT_EQ(lines.size(), 6u);
  for (size_t i = 0; i < 5; ++i)
    EXPECT_THAT(lines[i], MatchesRegex("https://www\\.flickr\\.com/photos/12@N01/[0-9]+"));
}

TEST_F(CommandSearchTest, JsonHoldsTheContract) {
  start_service();
  const CommandResult result = run(flickr({"--json", "--similarity", "cosine"}));
  ASSERT_EQ(result.exit, 0) << result.err;
  const auto document = parse_json(result.out);
  ASSERT_TRUE(document.ok());
  const auto& run_block = *json_member(*document, "run");
  EXPECT_EQ(json_text(run_block, "provider"), "flickr");
  EXPECT_EQ(json_text(run_block, "strategy"), "adaptive");
  EXPECT_TRUE(json_member(run_block, "repeatable")->GetBool());
  EXPECT_EQ(json_text(run_block, "layer"), "bottleneck");
  EXPECT_EQ(json_integer(run_block, "api_calls"), service_->counts().api_calls);
  EXPECT_EQ(json_integer(run_block, "images_downloaded"), service_->counts().image_calls);
  const auto& results = *json_member(*document, "results");
  ASSERT_GE(results.Size(), 12u);
  EXPECT_THAT(*json_text(results[0], "title"), HasSubstr("apple"));  // the query is red, and so is an apple
  EXPECT_EQ(json_text(*json_member(results[0], "license"), "name"), "CC BY 2.0");
  EXPECT_GT(json_member(results[0], "cosine")->GetDouble(), 0.99);
  double last = 2;
  for (const auto& photo : results.GetArray()) {
    EXPECT_LE(json_member(photo, "score")->GetDouble(), last);
    last = json_member(photo, "score")->GetDouble();
  }
}

TEST_F(CommandSearchTest, ExplainsWhenEachPhotoWasScored) {
  start_service();
  const auto document = parse_json(run(flickr({"--json", "--explain", "--top", "3"})).out);
  ASSERT_TRUE(document.ok());
  const auto& run_block = *json_member(*document, "run");
  const auto& trace = *json_member(*document, "trace");
  EXPECT_EQ(static_cast<int64_t>(trace.Size()), json_integer(run_block, "images_scored"));
  int64_t last = 0;
  for (const auto& step : trace.GetArray()) {
    EXPECT_GE(json_integer(step, "elapsed_ms"), last);
    last = *json_integer(step, "elapsed_ms");
  }
  EXPECT_LE(last, json_integer(run_block, "elapsed_ms"));
}

TEST_F(CommandSearchTest, ExplainsWhatWasAskedAndWhatCameOfIt) {
  start_service();
  for (const char* strategy : {"greedy", "adaptive", "clear"}) {
    const auto document = parse_json(run(flickr({"--json", "--explain", "--strategy", strategy})).out);
    ASSERT_TRUE(document.ok());
    const auto& run_block = *json_member(*document, "run");
    const auto& asked = *json_member(*document, "asked");
    ASSERT_GT(asked.Size(), 1u);
    EXPECT_EQ(json_text(asked[0], "query"), "thing");
    EXPECT_EQ(json_text(asked[0], "why"), "first query");
    int64_t last = 0;
    int64_t scored = 0;
    int64_t bests = 0;
    double best = -1e300;
    for (const auto& query : asked.GetArray()) {
      EXPECT_GE(json_integer(query, "elapsed_ms"), last);
      last = *json_integer(query, "elapsed_ms");
      scored += *json_integer(query, "scored");
      bests += *json_integer(query, "times_best");
      if (json_integer(query, "scored") != 0) best = std::max(best, json_member(query, "best_log_score")->GetDouble());
    }
    EXPECT_LE(last, json_integer(run_block, "elapsed_ms"));
    EXPECT_EQ(scored, json_integer(run_block, "images_scored")) << strategy;
    EXPECT_EQ(static_cast<int64_t>(asked.Size()), json_integer(run_block, "api_calls"));
    EXPECT_GE(bests, 1);
    EXPECT_DOUBLE_EQ(best, json_member((*json_member(*document, "results"))[0], "log_score")->GetDouble());
  }
}

TEST_F(CommandSearchTest, ExplainsToPeopleOnStandardError) {
  start_service();
  const CommandResult result = run(flickr({"--explain", "--top", "1"}));
  EXPECT_EQ(result.exit, 0);
  EXPECT_THAT(result.err, testing::ContainsRegex(" +[0-9]+  thing +first +36/36 +[0-9]+ .* \\*\n"));
  EXPECT_THAT(result.err, HasSubstr("tags, best mean likeness first"));
  EXPECT_THAT(result.out, Not(HasSubstr("thing")));
}

TEST_F(CommandSearchTest, BothStrategiesSeeTheWholeSmallService) {
  start_service();
  for (const char* strategy : {"greedy", "clear"}) {
    const CommandResult result =
        run(flickr({"--json", "--strategy", strategy, "--max-images", "200", "--max-calls", "200"}));
    ASSERT_EQ(result.exit, 0) << result.err;
    const auto document = parse_json(result.out);
    const auto scored = json_integer(*json_member(*document, "run"), "images_scored").value();
    EXPECT_LE(scored, 36);
    EXPECT_GE(scored, strategy == std::string("greedy") ? 36 : 6) << strategy;
  }
}

TEST_F(CommandSearchTest, TheSameSeedGivesTheSameResults) {
  start_service();
  const auto arguments = flickr({"--parallel", "1", "--seed", "5", "--max-images", "10"});
  const CommandResult first = run(arguments);
  EXPECT_EQ(first.exit, 0);
  EXPECT_EQ(run(arguments).out, first.out);
}

TEST_F(CommandSearchTest, BudgetsAreNeverExceeded) {
  start_service({.fault_rate = 0.3});
  const CommandResult result = run(flickr({"--max-calls", "6", "--max-images", "9", "--json"}));
  EXPECT_LE(service_->counts().api_calls, 6);
  EXPECT_LE(service_->counts().image_calls, 9);
  EXPECT_THAT(result.exit, testing::AnyOf(0, 1, 4, 5));  // a 429 among the faults is a quota
}

TEST_F(CommandSearchTest, SurvivesAServiceWhereEveryThirdRequestFails) {
  start_service({.fault_rate = 0.3});
  const CommandResult result = run(flickr({"--json"}));
  ASSERT_EQ(result.exit, 0) << result.err;
  const auto document = parse_json(result.out);
  ASSERT_TRUE(document.ok());
  EXPECT_GT(json_member(*document, "results")->Size(), 5u);
  EXPECT_GT(service_->counts().faults, 5);
}

TEST_F(CommandSearchTest, ReadsStandardInputAndAddresses) {
  start_service();
  CommandOptions piped = options();
  piped.input = make_jpeg(250, 20, 20);
  auto arguments = flickr({"--json", "--top", "1"});
  arguments[0] = "-";
  const CommandResult from_pipe = run_command(command(arguments), piped);
  EXPECT_EQ(from_pipe.exit, 0) << from_pipe.err;
  EXPECT_EQ(json_text(*json_member(*parse_json(from_pipe.out), "query"), "source"), "-");
  const std::string id = service_->photos().front().id;
  arguments[0] = "http://127.0.0.1:" + std::to_string(service_->port()) + "/img/" + id + "_n.jpg";
  const CommandResult from_address = run(arguments);
  EXPECT_EQ(from_address.exit, 0) << from_address.err;
}

TEST_F(CommandSearchTest, CtrlCPrintsWhatWasFoundSoFar) {
  start_service({.image_delay_ms = 40});
  RunningCommand running(command(flickr({"--parallel", "1"})), options());
  while (service_->counts().image_calls < 4)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  running.signal(SIGINT);
  const CommandResult result = running.wait();
  EXPECT_EQ(result.exit, 130);
  EXPECT_THAT(result.out, HasSubstr("https://www.flickr.com/photos/"));
}

TEST_F(CommandSearchTest, TheTimeLimitEndsTheSearchWithResults) {
  start_service({.image_delay_ms = 150});
  const CommandResult result = run(flickr({"--time-limit", "2", "--parallel", "1", "--json"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_EQ(json_text(*json_member(*parse_json(result.out), "run"), "stopped_by"), "time_limit");
}

TEST_F(CommandSearchTest, WritesItsOutputFileAndKeepsAnOldOne) {
  start_service();
  const std::string path = (folder_.path() / "out.json").string();
  EXPECT_EQ(run(flickr({"--json", "-o", path, "--top", "1"})).exit, 0);
  const auto size = std::filesystem::file_size(path);
  const CommandResult again = run(flickr({"--json", "-o", path}));
  EXPECT_EQ(again.exit, 2);
  EXPECT_THAT(again.err, HasSubstr("--force"));
  EXPECT_EQ(std::filesystem::file_size(path), size);
  EXPECT_EQ(run(flickr({"--json", "-o", path, "--force"})).exit, 0);
  EXPECT_GT(std::filesystem::file_size(path), size);
}

TEST_F(CommandSearchTest, TheKeyAppearsNowhere) {
  start_service({.fault_rate = 0.5});
  const std::string log = (folder_.path() / "log").string();
  const CommandResult result = run(flickr({"-v", "-v", "--explain", "--json", "--log-file", log}));
  std::ifstream file(log);
  const std::string logged((std::istreambuf_iterator<char>(file)), {});
  EXPECT_FALSE(logged.empty());
  for (const std::string& text : {result.out, result.err, logged})
    EXPECT_THAT(text, Not(HasSubstr(kTestKey)));
}

TEST_F(CommandSearchTest, FoldersNeedNoKey) {
  const CommandResult result = run({query_, "--keep-duplicates", "--model", "tiny.onnx", "--provider",
                                    "folder:" + folder_.path().string(), "--tag", "apple", "--top", "3"});
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("file://"));
}

TEST_F(CommandSearchTest, SeveralImagesAreToldApart) {
  start_service();
  auto arguments = flickr({"--top", "1"});
  arguments.push_back(folder_.write("second.jpg", make_jpeg(10, 10, 250)).string());
  const CommandResult urls = run(arguments);
  EXPECT_EQ(urls.exit, 0) << urls.err;
  EXPECT_THAT(urls.out, AllOf(HasSubstr("query.jpg\thttps://"), HasSubstr("second.jpg\thttps://")));
  arguments.push_back("--json");
  const auto array = parse_json(run(arguments).out);
  ASSERT_TRUE(array.ok());
  ASSERT_TRUE(array->IsArray());
  EXPECT_EQ(array->Size(), 2u);
}

TEST_F(CommandSearchTest, OneBadImageOfSeveralIsSaidAndTheOthersAreDone) {
  start_service();
  auto arguments = flickr({"--top", "1", "--format", "jsonl"});
  arguments.push_back(folder_.write("broken.jpg", "not a picture").string());
  const CommandResult result = run(arguments);
  EXPECT_EQ(result.exit, 8);
  const auto lines = split(result.out, '\n');
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_NE(json_member(*parse_json(lines[0]), "results"), nullptr);
  EXPECT_NE(json_member(*parse_json(lines[1]), "error"), nullptr);
}

TEST_F(CommandSearchTest, TableAndHtmlAreMadeForPeople) {
  start_service();
  const CommandResult table = run(flickr({"--format", "table", "--top", "2"}));
  EXPECT_THAT(table.out, AllOf(HasSubstr("64×64"), HasSubstr("CC BY 2.0"), Not(HasSubstr("\x1b"))));
  const CommandResult html = run(flickr({"--format", "html", "--top", "2"}));
  EXPECT_THAT(html.out, AllOf(HasSubstr("<!doctype html>"), HasSubstr("not endorsed or certified by SmugMug")));
}

TEST_F(CommandSearchTest, AClosedPipeEndsItQuietly) {
  start_service();
  std::string line = program_under_test();
  for (const std::string& argument : flickr({"--json"}))
    line += " '" + argument + "'";
  const CommandResult result = run_command({"/bin/sh", "-c", line + " | true"}, options());
  EXPECT_EQ(result.err, "");
}

TEST_F(CommandSearchTest, NearDuplicatesAreFoldedUnlessTheyAreAskedFor) {
  start_service();
  std::vector<std::string> arguments = flickr({"--json", "--top", "36"});
  const auto all = parse_json(run(arguments).out);
  std::erase(arguments, "--keep-duplicates");
  const CommandResult result = run(arguments);
  const auto folded = parse_json(result.out);
  ASSERT_TRUE(all.ok() && folded.ok()) << result.err;
  size_t photos = 0;
  for (const auto& shown : json_member(*folded, "results")->GetArray())
    photos += 1 + json_member(shown, "duplicates")->Size();
  EXPECT_LT(json_member(*folded, "results")->Size(), 12u);
  EXPECT_EQ(photos, json_member(*all, "results")->Size());
}

}  // namespace
}  // namespace lookalike::test

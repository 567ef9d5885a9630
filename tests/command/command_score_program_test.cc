// --score program:CMD, end to end: programs that are honest, slow, crash and lie.
#include <gmock/gmock.h>
#include <signal.h>

#include <cerrno>
#include <limits>
#include <thread>

#include "tests/command/score_fixture.h"
#include "tests/support/score_programs.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CommandScoreProgramTest : public ScoreTest {
 protected:
  CommandScoreProgramTest() { std::filesystem::create_directory(temporary()); }
  // What the program was shown is gone, whatever happened.
  ~CommandScoreProgramTest() override { EXPECT_TRUE(std::filesystem::is_empty(temporary())); }

  std::string temporary() const { return (folder_ / "tmp").string(); }

  CommandResult run_with(std::vector<std::string> arguments) const {
    return run_command(command(arguments), with_temporary());
  }

  CommandOptions with_temporary() const {
    CommandOptions with = options();
    with.environment["TMPDIR"] = temporary();
    return with;
  }

  // A search of the stand-in without an image, so photos are downloaded.
  std::vector<std::string> downloads(const std::string& program, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        "--score", "program:" + program, "--endpoint", service_->endpoint(), "--api-key", kTestKey, "--tag", "thing",
        "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  rapidjson::Document search_with(std::vector<std::string> arguments, int exit = 0) const {
    const CommandResult result = run_with(std::move(arguments));
    EXPECT_EQ(result.exit, exit) << result.err;
    auto document = parse_json(result.out);
    EXPECT_TRUE(document.ok()) << result.out;
    return document.ok() ? std::move(*document) : rapidjson::Document();
  }

  static int64_t count(const rapidjson::Document& document, const char* name) {
    return json_integer(*json_member(document, "run"), name).value_or(-1);
  }

  static bool is_gone(pid_t pid) {
    for (int i = 0; i < 2000; ++i) {
      if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
};

std::string sample(const std::string& name) {
  return std::string(LOOKALIKE_SOURCE_DIR) + "/docs/scorers/" + name;
}

TEST_F(CommandScoreProgramTest, TheSampleInPythonRanksPhotosOnThisDisk) {
  folder_.write("flat.jpg", make_jpeg(0, 0, 0, 256, 256));
  const std::filesystem::path gone = folder_.write("cut.jpg", "\xFF\xD8");
  const auto document =
      search_with({"--score", "program:python3 '" + sample("detail.py") + "'", "--tag", "flat", "--tag", "apple",
                   "--tag", "cut", "--provider", "folder:" + photos(), "--json", "--top", "100"});
  expect_ranked_by_score(document);
  const auto& results = *json_member(document, "results");
  EXPECT_THAT(*json_text(results[results.Size() - 1], "page_url"), HasSubstr("flat.jpg"));
  EXPECT_EQ(count(document, "images_failed"), 1) << "the program says that it cannot read cut.jpg";
  EXPECT_THAT(*json_text((*json_member(document, "errors"))[0], "message"), HasSubstr("cannot be read"));
  const auto& run_block = *json_member(document, "run");
  EXPECT_TRUE(json_member(run_block, "model")->IsNull()) << "no network is needed";
  EXPECT_TRUE(json_member(run_block, "layer")->IsNull());
  EXPECT_THAT(*json_text(run_block, "score"), HasSubstr("detail.py"));
}

TEST_F(CommandScoreProgramTest, TheSampleInShellReadsWhatIsSaidOfDownloadedPhotos) {
  start_service();
  const auto document = search_with(downloads("sh '" + sample("words.sh") + "' LEAF 'leaf 3' nothing"));
  expect_ranked_by_score(document);
  const auto& results = *json_member(document, "results");
  EXPECT_EQ(json_text(results[0], "title"), "leaf 3");
  EXPECT_EQ(json_member(results[0], "score")->GetDouble(), 2);
  EXPECT_EQ(json_member(results[1], "score")->GetDouble(), 1);
  EXPECT_EQ(count(document, "images_failed"), 0);
}

TEST_F(CommandScoreProgramTest, AnImageGivesTheFirstQueries) {
  start_service();
  auto arguments = downloads(score_by_size(), {"--model", "tiny.onnx"});
  arguments.insert(arguments.begin(), query_);
  const auto document = search_with(arguments);
  expect_ranked_by_score(document);
  const auto& query = *json_member(document, "query");
  EXPECT_EQ(json_text(query, "source"), query_);
  EXPECT_GT(json_member(query, "classes")->Size(), 0u);
  EXPECT_EQ(json_text(*json_member(document, "run"), "model"), "tiny");
}

TEST_F(CommandScoreProgramTest, EachStrategyCanFollowAnyScore) {
  start_service();
  const std::string extremes = R"sh($(case $line in *apple*) echo 1e30;; *leaf*) echo -1e30;; *) echo 0.5;; esac))sh";
  for (const char* strategy :
       {"clear", "greedy", "adaptive", "tiara", "tiara-s", "ucb", "epsilon-greedy", "thompson"}) {
    const auto same = search_with(downloads(score_always("0"), {"--strategy", strategy, "--max-images", "20"}));
    EXPECT_GT(count(same, "images_scored"), 3) << strategy;
    const auto apart = search_with(downloads(scoring_loop(extremes), {"--strategy", strategy, "--max-images", "20"}));
    EXPECT_GT(count(apart, "images_scored"), 3) << strategy;
    expect_ranked_by_score(apart);
  }
}

TEST_F(CommandScoreProgramTest, ACrashCostsAPhotoAndIsCounted) {
  start_service();
  const auto document = search_with(
      downloads(scoring_loop("1", R"sh(case $line in *'"apple 3"'*) kill -9 $$;; *'"leaf 4"'*) exit 1;; esac)sh"),
                {"--max-images", "200", "--max-calls", "200"}));
  EXPECT_EQ(count(document, "images_failed"), 2);
  EXPECT_EQ(count(document, "images_scored"), 34);
  const auto& error = (*json_member(document, "errors"))[0];
  EXPECT_EQ(json_text(error, "code"), "bad_data");
  EXPECT_EQ(json_integer(error, "count"), 2);
}

TEST_F(CommandScoreProgramTest, OneThatOnlyFailsEndsTheSearch) {
  start_service();
  const auto expect = [&](const std::string& program, const std::string& message) {
    const CommandResult result = run_with(downloads(program, {"--timeout", "1", "--retries", "0"}));
    EXPECT_EQ(result.exit, 7) << result.err;
    EXPECT_THAT(result.err, AllOf(HasSubstr("the scoring program"), HasSubstr(message), HasSubstr("given up")));
    const auto document = parse_json(result.out);
    ASSERT_TRUE(document.ok());
    EXPECT_GE(count(*document, "images_failed"), 5);
    EXPECT_EQ(count(*document, "images_scored"), 0);
    EXPECT_EQ(json_member(*document, "results")->Size(), 0u);
  };
  expect("exit 3", "exit status 3");
  expect("/no/such/program 2>/dev/null", "exit status 127");
  expect("exec sleep 1000", "no answer within 1 s");
  expect("while read -r line; do echo hello; done", "no JSON object");
  expect(score_always("NaN"), "no JSON object");
  expect(score_always("\"1\""), "without a number");
  expect(R"sh(while read -r line; do echo '{"id": "wrong", "score": 1}'; done)sh", "answered for \"wrong\"");
  expect("head -c 1000000 /dev/zero | tr '\\0' x; sleep 1000", "64 KiB in a line");
}

TEST_F(CommandScoreProgramTest, CtrlCEndsTheProgramAndItsChildren) {
  start_service();
  const std::string pids = (folder_ / "pids").string();
  const std::string program = "sleep 1000 & echo $$ $! > '" + pids + "'; " +
                              scoring_loop("1", R"sh(case $line in *'2"'*) sleep 1000;; esac)sh");
  RunningCommand running(command(downloads(program)), with_temporary());
  while (contents(pids).find('\n') == std::string::npos)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  running.signal(SIGINT);
  EXPECT_EQ(running.wait().exit, 130);
  std::ifstream file(pids);
  for (pid_t pid = 0; file >> pid;)
    EXPECT_TRUE(is_gone(pid)) << pid;
}

TEST_F(CommandScoreProgramTest, TheTimeLimitHoldsForAProgramThatThinks) {
  start_service();
  const CommandResult result = run_with(downloads("exec sleep 1000", {"--time-limit", "1"}));
  EXPECT_EQ(result.exit, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\"time_limit\""));
}

TEST_F(CommandScoreProgramTest, ACacheKeepsNoScores) {
  start_service();
  const std::vector<std::string> cache = {"--cache", photos() + "/cache", "--max-images", "5"};
  search_with(downloads(score_always("1"), cache));
  const auto document = search_with(downloads(score_always("2"), cache));
  EXPECT_EQ(json_member((*json_member(document, "results"))[0], "score")->GetDouble(), 2);
  EXPECT_GT(count(document, "cache_hits"), 0) << "calls are kept";
}

TEST_F(CommandScoreProgramTest, WithoutAnImageAFirstQueryIsNeeded) {
  expect_refused({"--score", "program:true"}, 2, "--tag");
  expect_refused({"--score", "network:taste.onnx", "--strategy", "greedy"}, 2, "--tag");
}

TEST_F(CommandScoreProgramTest, TheKeyIsNotInTheProgramsLines) {
  start_service();
  const std::string seen = (folder_ / "seen").string();
  search_with(downloads("tee '" + seen + "' | " + score_always("1")));
  EXPECT_THAT(contents(seen), AllOf(HasSubstr("lookalike-score/1"), testing::Not(HasSubstr(kTestKey))));
}

class CommandScoreNetworkTest : public ScoreTest {
 protected:
  CommandScoreNetworkTest() {
    write_tiny_network(folder_.path(), {.input_size = 64, .classes = 1, .file = "taste.onnx"});
  }
  std::string taste() const { return "network:" + (folder_ / "taste.onnx").string(); }
};

TEST_F(CommandScoreNetworkTest, ItsOneOutputIsTheScore) {
  const auto document = search({"--score", taste(), "--tag", "thing", "--top", "100"});
  expect_ranked_by_score(document);
  EXPECT_GT(json_member(document, "results")->Size(), 30u);
  EXPECT_TRUE(json_member(*json_member(document, "run"), "model")->IsNull()) << "it is not the one that knows classes";
  EXPECT_EQ(json_text(*json_member(document, "query"), "source"), taste());
  const CommandResult same = run({"--model", "taste.onnx", "--score", "class:#0", "--tag", "thing", "--top", "100",
                                  "--provider", "folder:" + photos(), "--json"});
  const auto by_class = parse_json(same.out);
  ASSERT_TRUE(by_class.ok()) << same.err;
  EXPECT_EQ(*json_member((*json_member(document, "results"))[0], "score"),
            *json_member((*json_member(*by_class, "results"))[0], "score"))
      << "it is that network's only class";
}

TEST_F(CommandScoreNetworkTest, AnotherNetworkNamesWhatIsInTheImage) {
  const auto document = search({query_, "--score", taste(), "--tag", "thing"});
  expect_ranked_by_score(document);
  EXPECT_GT(json_member(*json_member(document, "query"), "classes")->Size(), 0u);
  EXPECT_EQ(json_text(*json_member(document, "run"), "model"), "tiny");
}

// As docs/command.md has it. Pictures are gradients from black, so the mean of a colour is about half of it.
TEST_F(CommandScoreNetworkTest, TheSampleLooksForWarmColours) {
  const auto document =
      search({"--score", "network:" + sample("warmth.onnx"), "--tag", "thing", "--strategy", "greedy", "--top", "100"});
  expect_ranked_by_score(document);
  const auto& results = *json_member(document, "results");
  ASSERT_EQ(results.Size(), 36u);
  const auto score = [&results](rapidjson::SizeType i) { return json_member(results[i], "score")->GetDouble(); };
  EXPECT_EQ(json_text(results[0], "title"), "apple 0");
  EXPECT_NEAR(score(0), 50, 2);
  EXPECT_THAT(*json_text(results[18], "title"), HasSubstr("leaf"));
  EXPECT_NEAR(score(18), 0, 2);
  EXPECT_EQ(json_text(results[35], "title"), "sky 0");
  EXPECT_NEAR(score(35), -50, 2);
}

TEST_F(CommandScoreNetworkTest, TheSamplesScriptWritesItAndOthers) {
  const auto written = [](const std::string& colours) {
    const CommandResult result = run_command({"/bin/sh", "-c", "python3 '" + sample("warmth.py") + "' " + colours}, {});
    EXPECT_EQ(result.exit, 0) << result.err;
    return result.out;
  };
  EXPECT_EQ(written(""), contents(sample("warmth.onnx")))
      << "python3 docs/scorers/warmth.py > docs/scorers/warmth.onnx";
  const std::string green = folder_.write("green.onnx", written("-50 100 -50")).string();
  const auto document = search({"--score", "network:" + green, "--tag", "thing"});
  EXPECT_EQ(json_text((*json_member(document, "results"))[0], "title"), "leaf 0");
}

TEST_F(CommandScoreNetworkTest, OthersAreRefused) {
  expect_failed({"--score", "network:" + (folder_ / "tiny.onnx").string(), "--tag", "thing"}, 7, "gives 1000 numbers");
  expect_refused({"--score", "network:" + (folder_ / "none.onnx").string(), "--tag", "thing"}, 7, "none.onnx");
  expect_failed({"--score", "network:" + folder_.write("bad.onnx", "no network").string(), "--tag", "thing"}, 7,
                "bad.onnx");
}

}  // namespace
}  // namespace lookalike::test

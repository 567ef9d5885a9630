// --score class:NAME, end to end.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <map>

#include "tests/command/score_fixture.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

class CommandScoreTest : public ScoreTest {};

std::map<std::string, double> score_by_title(const rapidjson::Document& document) {
  std::map<std::string, double> scores;
  for (const auto& photo : json_member(document, "results")->GetArray())
    scores[*json_text(photo, "title")] = json_member(photo, "score")->GetDouble();
  return scores;
}

TEST_F(CommandScoreTest, AClassNeedsNoImage) {
  const auto document = search({"--score", "class:sports car", "--tag", "thing"});
  expect_ranked_by_score(document);
  const auto& query = *json_member(document, "query");
  EXPECT_EQ(json_text(query, "source"), "class:sports car");
  EXPECT_TRUE(json_member(query, "sha256")->IsNull());
  EXPECT_TRUE(json_member(query, "width")->IsNull());
  EXPECT_EQ(json_member(query, "classes")->Size(), 0u);
  const auto& run_block = *json_member(document, "run");
  EXPECT_EQ(json_text(run_block, "score"), "class:sports car");
  EXPECT_TRUE(json_member(run_block, "similarity")->IsNull());
  EXPECT_EQ(json_text(run_block, "layer"), "logits");
}

TEST_F(CommandScoreTest, TheFirstQueriesAreTheSynonyms) {
  const auto document = search({"--score", "class:SPORT CAR", "--strategy", "greedy"}, 1);
  std::vector<std::string> asked;
  for (const auto& tag : json_member(document, "tags")->GetArray()) {
    if (json_member(tag, "asked")->GetBool()) asked.push_back(*json_text(tag, "tag"));
  }
  EXPECT_THAT(asked, IsSupersetOf({"sports car", "sport car"}));
}

// Two classes' scores of a photo differ as the logarithms of the probabilities that a search for it tells.
TEST_F(CommandScoreTest, TheScoreIsTheClassesLogit) {
  const std::string photo = (folder_ / "apple0.jpg").string();
  const auto seen = search({photo, "--tag", "apple"});
  const auto& classes = *json_member(*json_member(seen, "query"), "classes");
  const auto logit = [&](rapidjson::SizeType rank) {
    const auto document =
        search({"--score", "class:" + *json_text(classes[rank], "name"), "--tag", "apple", "--top", "100"});
    return score_by_title(document).at("apple 0");
  };
  const auto log_probability = [&](rapidjson::SizeType rank) {
    return std::log(json_member(classes[rank], "probability")->GetDouble());
  };
  EXPECT_NEAR(logit(0) - logit(1), log_probability(0) - log_probability(1), 1e-4);
  EXPECT_NEAR(logit(1) - logit(4), log_probability(1) - log_probability(4), 1e-4);
}

TEST_F(CommandScoreTest, AnImageGivesTheFirstQueriesOnly) {
  const std::vector<std::string> score = {"--score", "class:#7", "--tag", "thing", "--max-images", "200"};
  auto with_image = score;
  with_image.insert(with_image.begin(), query_);
  const auto alone = search(score);
  const auto both = search(with_image);
  EXPECT_EQ(score_by_title(alone), score_by_title(both));
  const auto& query = *json_member(both, "query");
  EXPECT_EQ(json_text(query, "source"), query_);
  EXPECT_EQ(json_integer(query, "width"), 64);
  EXPECT_GT(json_member(query, "classes")->Size(), 0u);
}

TEST_F(CommandScoreTest, TheCacheKeepsClassesAndFeaturesApart) {
  const std::vector<std::string> cached = {"--tag", "thing", "--cache", photos() + "/cache"};
  const auto ask = [&](std::vector<std::string> more) {
    more.insert(more.end(), cached.begin(), cached.end());
    return search(more);
  };
  const auto first = ask({query_});
  const auto score = ask({"--score", "class:#7"});
  const auto again = ask({"--score", "class:#7"});
  expect_ranked_by_score(score);
  EXPECT_EQ(score_by_title(score), score_by_title(again));
  EXPECT_GT(*json_integer(*json_member(again, "run"), "cache_hits"), 30);
  EXPECT_EQ(score_by_title(ask({query_})), score_by_title(first));
}

TEST_F(CommandScoreTest, MinScoreMayBeNegative) {
  const auto all = search({"--score", "class:#7", "--tag", "thing", "--top", "100"});
  const auto& results = *json_member(all, "results");
  const double middle = json_member(results[results.Size() / 2], "score")->GetDouble();
  const auto some =
      search({"--score", "class:#7", "--tag", "thing", "--top", "100", "--min-score", std::to_string(middle)});
  EXPECT_NEAR(json_member(some, "results")->Size(), results.Size() / 2 + 1, 1);
}

TEST_F(CommandScoreTest, PeopleSeeTheScoreInTableAndPage) {
  const CommandResult table = run({"--score", "class:#7", "--tag", "thing", "--model", "tiny", "--provider",
                                   "folder:" + photos(), "--format", "table"});
  EXPECT_EQ(table.exit, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("class:#7"), Not(HasSubstr("nan")), Not(HasSubstr("×"))));
  const CommandResult page = run({query_, "--score", "class:#7", "--tag", "thing", "--model", "tiny", "--provider",
                                  "folder:" + photos(), "--format", "html"});
  EXPECT_THAT(page.out, AllOf(HasSubstr("of the best class:#7"), Not(HasSubstr("nan"))));
}

TEST_F(CommandScoreTest, WrongUseIsSaidBeforeAnythingIsAsked) {
  expect_refused({"--score", "class:sprots car"}, 2, "near it: sport");
  expect_refused({"--score", "class:crane"}, 2, "several classes: choose #134 (crane), #517 (crane)");
  expect_refused({"--score", "class:#1000"}, 2, "#0 to #999");
  expect_refused({"--score", "cat"}, 2, "--score takes");
  expect_refused({"--score", "class:tabby", "--like", query_}, 2, "--like");
  expect_refused({"--score", "class:tabby", "--layer", "pool"}, 2, "--layer");
  expect_refused({"--score", "class:tabby", "--no-classify", "--strategy", "greedy"}, 2, "--tag");
  expect_refused({}, 2, "no image given");
}

TEST_F(CommandScoreTest, ClassesWithoutNamesGoByNumber) {
  std::filesystem::remove_all(folder_ / ".local");
  const auto run_nameless = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"--model", "tiny.onnx", "--provider", "folder:" + photos()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  };
  EXPECT_THAT(run_nameless({"--score", "class:tabby"}).err, HasSubstr("class:#281"));
  EXPECT_THAT(run_nameless({"--score", "class:#7"}).err, HasSubstr("--tag"));
  EXPECT_EQ(run_nameless({"--score", "class:#7", "--tag", "thing"}).exit, 0);
  const CommandResult beyond = run_nameless({"--score", "class:#1000", "--tag", "thing"});
  EXPECT_EQ(beyond.exit, 2);
  EXPECT_THAT(beyond.err, HasSubstr("has 1000 outputs"));
}

}  // namespace
}  // namespace lookalike::test

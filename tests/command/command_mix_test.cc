// --score repeated and weighted, end to end: each part is what it would be alone, and the score is their sum.
#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "tests/command/score_fixture.h"
#include "tests/support/score_programs.h"

namespace lookalike::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

// A photo's values, by its title.
using Values = std::map<std::string, double>;

Values values_of(const rapidjson::Document& document, const char* name) {
  Values values;
  for (const auto& photo : json_member(document, "results")->GetArray())
    values[*json_text(photo, "title")] = json_member(photo, name)->GetDouble();
  return values;
}

Values part_of(const rapidjson::Document& document, rapidjson::SizeType place) {
  Values values;
  for (const auto& photo : json_member(document, "results")->GetArray()) {
    const auto& part = (*json_member(photo, "parts"))[place];
    values[*json_text(photo, "title")] = json_member(part, "value")->GetDouble();
  }
  return values;
}

void expect_near(const Values& values, const Values& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (const auto& [title, value] : expected)
    EXPECT_NEAR(values.at(title), value, 1e-5 * std::max(1.0, std::abs(value))) << title;
}

class CommandMixTest : public ScoreTest {
 protected:
  CommandMixTest() { write_tiny_network(folder_.path(), {.input_size = 64, .classes = 1, .file = "taste.onnx"}); }

  std::string taste() const { return "network:" + (folder_ / "taste.onnx").string(); }

  // Over all photos, so that two searches find the same ones.
  rapidjson::Document all(std::vector<std::string> more) const {
    more.insert(more.end(), {"--tag", "thing", "--top", "100", "--max-images", "200", "--keep-duplicates"});
    return search(std::move(more));
  }
};

TEST_F(CommandMixTest, FeaturesAndClassesOfOneNetworkAreAddedUp) {
  const auto likeness = all({query_});
  const auto one = all({"--score", "class:#7"});
  const auto two = all({"--score", "class:#300"});
  const auto mixed = all({query_, "--score", "0.5*likeness", "--score", "-2*class:#7", "--score", "class:#300"});
  expect_near(part_of(mixed, 0), values_of(likeness, "log_score"));
  expect_near(part_of(mixed, 1), values_of(one, "score"));
  expect_near(part_of(mixed, 2), values_of(two, "score"));
  Values sum = values_of(likeness, "log_score");
  for (auto& [title, value] : sum)
    value = 0.5 * value - 2 * values_of(one, "score").at(title) + values_of(two, "score").at(title);
  expect_near(values_of(mixed, "score"), sum);
  expect_near(values_of(mixed, "log_score"), sum);
  expect_near(values_of(mixed, "cosine"), values_of(likeness, "cosine"));
  EXPECT_THAT(sum, SizeIs(37));
}

TEST_F(CommandMixTest, TheRunNamesPartsAndWeights) {
  const auto mixed = search({query_, "--score", "0.5*likeness", "--score", "class:#7", "--tag", "thing"});
  const auto& run_block = *json_member(mixed, "run");
  EXPECT_EQ(json_text(run_block, "score"), "0.5*likeness + class:#7");
  EXPECT_EQ(json_text(run_block, "similarity"), "dot");
  EXPECT_EQ(json_text(run_block, "layer"), "bottleneck");
  const auto& parts = *json_member(run_block, "score_parts");
  ASSERT_EQ(parts.Size(), 2u);
  EXPECT_EQ(json_text(parts[0], "score"), "likeness");
  EXPECT_EQ(json_member(parts[0], "weight")->GetDouble(), 0.5);
  EXPECT_EQ(json_text(parts[1], "score"), "class:#7");
  EXPECT_EQ(json_member(parts[1], "weight")->GetDouble(), 1);
  const auto& results = *json_member(mixed, "results");
  for (rapidjson::SizeType i = 1; i < results.Size(); ++i) {
    EXPECT_LE(json_member(results[i], "score")->GetDouble(), json_member(results[i - 1], "score")->GetDouble());
    EXPECT_EQ(json_text((*json_member(results[i], "parts"))[1], "score"), "class:#7");
  }
}

TEST_F(CommandMixTest, ALoneScoreWithoutAWeightIsNoMixture) {
  const auto lone = search({"--score", "class:#7", "--tag", "thing"});
  EXPECT_EQ(json_member(*json_member(lone, "run"), "score_parts"), nullptr);
  EXPECT_EQ(json_member((*json_member(lone, "results"))[0], "parts"), nullptr);
  const auto twice = all({"--score", "2*class:#7"});
  Values doubled = values_of(all({"--score", "class:#7"}), "score");
  for (auto& [title, value] : doubled)
    value *= 2;
  expect_near(values_of(twice, "score"), doubled);
  EXPECT_EQ(json_text(*json_member(twice, "query"), "source"), "2*class:#7");
}

TEST_F(CommandMixTest, LikenessAloneRanksAsWithoutIt) {
  const auto plain = all({query_, "--similarity", "cosine"});
  const auto named = all({query_, "--similarity", "cosine", "--score", "likeness"});
  expect_near(values_of(named, "score"), values_of(plain, "score"));
  EXPECT_EQ(json_text((*json_member(named, "results"))[0], "id"), json_text((*json_member(plain, "results"))[0], "id"));
}

TEST_F(CommandMixTest, LikedImagesAndLayersGoWithLikeness) {
  const std::vector<std::string> how = {
      query_,    "--like", (folder_ / "leaf1.jpg").string(), "--unlike", (folder_ / "sky1.jpg").string(),
      "--layer", "pool"};
  auto mixed = how;
  mixed.insert(mixed.end(), {"--score", "likeness", "--score", "0.1*class:#7"});
  expect_near(part_of(all(mixed), 0), values_of(all(how), "log_score"));
}

// Shades of a colour are near-duplicates to any network: they are told by the features, not by the other parts.
TEST_F(CommandMixTest, NearDuplicatesAreFoldedByTheFeatures) {
  const std::vector<std::string> ask = {query_, "--tag", "thing", "--max-images", "200"};
  auto mixed = ask;
  mixed.insert(mixed.end(), {"--score", "likeness", "--score", "1e-6*class:#7", "--score", "1e-6*" + taste()});
  const auto folded = search(mixed);
  const auto plain = search(ask);
  const auto duplicates = [](const rapidjson::Document& document) {
    return json_member((*json_member(document, "results"))[0], "duplicates")->Size();
  };
  EXPECT_GT(duplicates(plain), 5u);
  EXPECT_EQ(duplicates(folded), duplicates(plain));
  EXPECT_EQ(json_member(folded, "results")->Size(), json_member(plain, "results")->Size());
}

// Flickr's photos are downloaded, once for all parts.
TEST_F(CommandMixTest, NetworksAndProgramsMixOverOneDownload) {
  start_service();
  const auto ask = [&](std::vector<std::string> more) {
    auto arguments = flickr({"--json", "--top", "100", "--max-images", "200"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto document = parse_json(run(arguments).out);
    EXPECT_TRUE(document.ok());
    return std::move(*document);
  };
  const std::string size = "program:" + score_by_size();
  const auto mixed = ask({"--score", "likeness", "--score", "3*" + taste(), "--score", "-0.001*" + size});
  expect_near(part_of(mixed, 0), values_of(ask({}), "log_score"));
  expect_near(part_of(mixed, 1), values_of(ask({"--score", taste()}), "score"));
  expect_near(part_of(mixed, 2), values_of(ask({"--score", size}), "score"));
  const auto& run_block = *json_member(mixed, "run");
  EXPECT_EQ(json_integer(run_block, "images_scored"), 36);
  EXPECT_EQ(json_integer(run_block, "images_downloaded"), 36);
  for (const auto& photo : json_member(mixed, "results")->GetArray()) {
    const auto& parts = *json_member(photo, "parts");
    const auto value = [&](rapidjson::SizeType i) { return json_member(parts[i], "value")->GetDouble(); };
    EXPECT_NEAR(json_member(photo, "score")->GetDouble(), value(0) + 3 * value(1) - 0.001 * value(2), 1e-9);
  }
}

TEST_F(CommandMixTest, APartThatFailsFailsThePhotoByName) {
  const std::string picky = "program: " + scoring_loop("1", R"sh(case $file in *apple3.jpg) line=; id=x;; esac)sh");
  const auto mixed = all({query_, "--score", "likeness", "--score", picky, "--retries", "0"});
  EXPECT_EQ(json_integer(*json_member(mixed, "run"), "images_failed"), 1);
  EXPECT_EQ(values_of(mixed, "score").count("apple 3"), 0u);
  const auto& error = (*json_member(mixed, "errors"))[0];
  EXPECT_THAT(*json_text(error, "message"), testing::StartsWith("program: while read"));
  EXPECT_THAT(*json_text(error, "message"), HasSubstr("…: the scoring program answered for \"x\""));
}

TEST_F(CommandMixTest, TheCacheTellsMixturesApartAndForgetsWeights) {
  const auto ask = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--cache", photos() + "/cache"});
    return all(std::move(more));
  };
  const auto images_read = [](const rapidjson::Document& document) {
    return *json_integer(*json_member(document, "run"), "images_downloaded");
  };
  const auto plain = ask({query_});
  const auto mixed = ask({query_, "--score", "likeness", "--score", "class:#7"});
  EXPECT_EQ(images_read(mixed), 37) << "features alone are no mixture's";
  const auto weighed = ask({query_, "--score", "likeness", "--score", "9*class:#8"});
  EXPECT_EQ(images_read(weighed), 0) << "one run of the network gives all classes";
  expect_near(part_of(weighed, 0), values_of(plain, "log_score"));
  expect_near(part_of(weighed, 1), values_of(all({"--score", "class:#8"}), "score"));
  const auto three = ask({query_, "--score", "likeness", "--score", "class:#7", "--score", taste()});
  EXPECT_EQ(images_read(three), 37);
  expect_near(part_of(three, 2), values_of(all({"--score", taste()}), "score"));
  const auto program = [&](const char* answer) {
    return ask({query_, "--score", "likeness", "--score", "program:" + score_always(answer)});
  };
  EXPECT_EQ(part_of(program("1"), 1).begin()->second, 1);
  EXPECT_EQ(part_of(program("2"), 1).begin()->second, 2) << "what a program says is never kept";
}

TEST_F(CommandMixTest, EachImageOfARunHasItsOwnLikeness) {
  const std::vector<std::string> mix = {"--score", "likeness", "--score", "0.2*class:#7"};
  const std::vector<std::string> queries = {query_, (folder_ / "leaf0.jpg").string(), (folder_ / "sky0.jpg").string()};
  auto together = mix;
  together.insert(together.begin(), queries.begin(), queries.end());
  together.insert(together.end(), {"--jobs", "2", "--ordered", "--parallel", "20"});
  const auto documents = all(together);
  ASSERT_TRUE(documents.IsArray());
  ASSERT_EQ(documents.Size(), queries.size());
  for (rapidjson::SizeType i = 0; i < documents.Size(); ++i) {
    auto lone = mix;
    lone.insert(lone.begin(), queries[i]);
    rapidjson::Document one;
    one.CopyFrom(documents[i], one.GetAllocator());
    expect_near(values_of(one, "score"), values_of(all(lone), "score"));
  }
}

// What leads away from a class does not ask for it.
TEST_F(CommandMixTest, OnlyWantedClassesAreFirstQueries) {
  const auto document =
      search({"--score", "class:sports car", "--score", "-0.5*class:daisy", "--strategy", "greedy"}, 1);
  std::vector<std::string> asked;
  for (const auto& tag : json_member(document, "tags")->GetArray()) {
    if (json_member(tag, "asked")->GetBool()) asked.push_back(*json_text(tag, "tag"));
  }
  EXPECT_THAT(asked, testing::IsSupersetOf({"sports car", "sport car"}));
  EXPECT_THAT(asked, testing::Not(testing::Contains("daisy")));
}

TEST_F(CommandMixTest, PeopleSeeWhatIsAddedUp) {
  const CommandResult table = run({query_, "--score", "0.5*likeness", "--score", "-1*class:#7", "--tag", "thing",
                                   "--model", "tiny", "--provider", "folder:" + photos(), "--format", "table"});
  EXPECT_EQ(table.exit, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("0.5*likeness - class:#7"));
}

TEST_F(CommandMixTest, WrongUseIsSaidBeforeAnythingIsAsked) {
  expect_refused({query_, "--score", "0*likeness"}, 2, "other than 0");
  expect_refused({query_, "--score", "nan*class:#7"}, 2, "other than 0");
  expect_refused({query_, "--score", "class:#7", "--score", "2*class:#1000"}, 2, "#0 to #999");
  expect_refused({"--score", "likeness", "--score", "class:#7", "--tag", "thing"}, 2, "give one");
  expect_refused({query_, "--score", "class:#7", "--score", "class:#8", "--like", query_}, 2, "add --score likeness");
}

}  // namespace
}  // namespace lookalike::test

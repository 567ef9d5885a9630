// --like and --unlike, end to end: the fixture's photos are red apples, green leaves and blue skies.
#include <gmock/gmock.h>

#include <set>

#include "core/base/text/json.h"
#include "tests/command/command_fixture.h"

namespace lookalike::test {
namespace {

using testing::HasSubstr;

class CommandFeedbackTest : public CommandTest {
 protected:
  CommandFeedbackTest() {
    green_ = folder_.write("green.jpg", make_jpeg(20, 250, 20)).string();
    blue_ = folder_.write("blue.jpg", make_jpeg(20, 20, 250)).string();
  }

  rapidjson::Document search(std::vector<std::string> more) {
    std::vector<std::string> arguments = {query_,         "--keep-duplicates",
                                          "--model",      "tiny.onnx",
                                          "--provider",   "folder:" + photos(),
                                          "--json",       "--tag",
                                          "thing",        "--no-classify",
                                          "--top",        "36",
                                          "--similarity", "cosine",
                                          "--seed",       "3"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit, 0) << result.err;
    auto document = parse_json(result.out);
    EXPECT_TRUE(document.ok());
    return std::move(*document);
  }

  std::string photos() const { return folder_.path().string(); }

  // The best score of a photo whose title begins so.
  static double best(const rapidjson::Document& document, const std::string& kind) {
    for (const auto& photo : json_member(document, "results")->GetArray()) {
      if (json_text(photo, "title")->starts_with(kind)) return json_member(photo, "score")->GetDouble();
    }
    ADD_FAILURE() << "no " << kind << " among the results";
    return 0;
  }

  std::string green_;
  std::string blue_;
};

TEST_F(CommandFeedbackTest, LikedImagesDrawTheResultsTowardsThem) {
  const auto plain = search({});
  const auto liked = search({"--like", green_});
  EXPECT_GT(best(liked, "leaf"), best(plain, "leaf"));
  EXPECT_LT(best(liked, "apple"), best(plain, "apple"));
  const auto& query = *json_member(liked, "query");
  EXPECT_EQ(json_text(query, "source"), query_);
  EXPECT_EQ((*json_member(query, "like"))[0].GetString(), green_);
  EXPECT_EQ(json_member(query, "unlike")->Size(), 0u);
}

TEST_F(CommandFeedbackTest, UnlikedImagesPushThemAway) {
  const auto plain = search({});
  const auto unliked = search({"--unlike", blue_, "--unlike", green_});
  EXPECT_LT(best(unliked, "sky"), best(plain, "sky"));
  EXPECT_LT(best(unliked, "leaf"), best(plain, "leaf"));
  EXPECT_EQ(json_member(*json_member(unliked, "query"), "unlike")->Size(), 2u);
}

TEST_F(CommandFeedbackTest, BestTakesTheNearestImageAlone) {
  const auto plain = search({});
  const auto either = search({"--like", green_, "--like-mode", "best"});
  EXPECT_DOUBLE_EQ(best(either, "apple"), best(plain, "apple"));
  EXPECT_GT(best(either, "leaf"), 0.99);
}

std::set<std::string> asked_tags(const rapidjson::Document& document) {
  std::set<std::string> tags;
  for (const auto& tag : json_member(document, "tags")->GetArray()) {
    if (json_member(tag, "asked")->GetBool()) tags.insert(*json_text(tag, "tag"));
  }
  return tags;
}

// Whatever the tiny network sees in a colour, it sees something else in others.
TEST_F(CommandFeedbackTest, ClassesOfLikedImagesAreAskedForToo) {
  const auto ask = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {query_,       "--keep-duplicates",  "--model", "tiny.onnx",
                                          "--provider", "folder:" + photos(), "--json",  "--tag",
                                          "apple",      "--strategy",         "greedy"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto document = parse_json(run(arguments).out);
    EXPECT_TRUE(document.ok());
    return std::move(*document);
  };
  const auto alone = ask({});
  const auto liked = ask({"--like", blue_, "--like", green_});
  const std::set<std::string> before = asked_tags(alone);
  std::set<std::string> added = asked_tags(liked);
  std::erase_if(added, [&](const std::string& tag) { return before.contains(tag); });
  EXPECT_FALSE(added.empty());
  EXPECT_EQ(*json_member(*json_member(alone, "query"), "classes"),
            *json_member(*json_member(liked, "query"), "classes"))
      << "what is reported is what the network sees in the query";
}

TEST_F(CommandFeedbackTest, AnImageThatCannotBeReadIsNamed) {
  const auto expect = [&](const std::string& option, const std::string& image, int exit) {
    const CommandResult result =
        run({query_, "--model", "tiny.onnx", "--provider", "folder:" + photos(), option, image});
    EXPECT_EQ(result.exit, exit) << result.err;
    EXPECT_THAT(result.err, HasSubstr(image));
    EXPECT_EQ(result.out, "");
  };
  expect("--like", photos() + "/none.jpg", 6);
  expect("--unlike", photos() + "/none.jpg", 6);
  expect("--unlike", folder_.write("words.jpg", "no picture").string(), 6);
  expect("--like-mode", "worst", 2);
}

}  // namespace
}  // namespace lookalike::test

#include "core/search/strategies/strategy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "core/base/random.h"
#include "tests/core/search/session/fake_service.h"

namespace lookalike {
namespace {

using testing::ElementsAre;

TEST(Strategy, IsFoundByName) {
  ASSERT_TRUE(find_strategy("clear").ok());
  EXPECT_EQ((*find_strategy("clear"))->photos_per_call, 30);
  const auto unknown = find_strategy("magic");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::usage);
  EXPECT_NE(unknown.error().message.find("greedy, clear"), std::string::npos);
}

TEST(Strategy, EachIsMadeAndHasANameOfItsOwn) {
  const TagTable tags;
  std::set<std::string_view> names;
  for (const Strategy& strategy : strategies()) {
    EXPECT_TRUE(names.insert(strategy.name).second) << strategy.name;
    EXPECT_FALSE(strategy.summary.empty()) << strategy.name;
    EXPECT_NE(strategy.make({.tags = &tags}), nullptr) << strategy.name;
  }
  for (const char* name : {"greedy", "clear", "adaptive", "ucb", "epsilon-greedy", "thompson", "tiara", "tiara-s",
                           "random", "classes-only"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(Strategy, AblationsAreOfAdaptiveAndSearchDifferently) {
  for (const Strategy& strategy : adaptive_ablation()) {
    EXPECT_TRUE(strategy.name.starts_with("adaptive-")) << strategy.name;
    EXPECT_TRUE(strategy.sees_all_photos) << strategy.name;
    EXPECT_FALSE(find_strategy(strategy.name).ok()) << strategy.name;
  }
}

TEST(Strategy, TiaraUsesInstalledWordsAndAdaptiveThoseThatAreBuiltIn) {
  for (const Strategy& strategy : strategies()) {
    const auto words = strategy.name.starts_with("tiara") ? WordsUsed::installed
                       : strategy.name == "adaptive"      ? WordsUsed::common
                                                          : WordsUsed::none;
    EXPECT_EQ(strategy.words, words) << strategy.name;
  }
}

// Whole searches in any order of arrival, on a service that fails now and then.
TEST(Strategy, EverySearchEndsWithinItsBudgetsAndIsRepeatable) {
  const ValueScorer scorer;
  for (const Strategy& strategy : strategies()) {
    SCOPED_TRACE(strategy.name);
    std::vector<std::string> asked[2];
    for (auto& texts : asked) {
      FakeService service;
      for (int i = 0; i < 60; ++i) {
        const std::string kind = i % 3 == 0 ? "dog" : i % 3 == 1 ? "wolf" : "stone";
        const std::string shared = "shared" + std::to_string(i % 7);
        service.add({std::to_string(i), {kind, shared, "own" + std::to_string(i)}, static_cast<float>(i % 7)});
      }
      int calls = 0;
      service.call_fault = [&calls](const PhotoQuery&) -> std::optional<Error> {
        if (++calls % 5 != 0) return std::nullopt;
        return Error{ErrorCode::network, "no answer"};
      };
      service.image_fault = [](const Photo& photo) -> std::optional<Error> {
        if (photo.id.back() != '4') return std::nullopt;
        return Error{ErrorCode::bad_data, "not an image"};
      };
      SearchOptions options{.max_calls = 30,
                            .max_images = 40,
                            .parallel = 5,
                            .seed = 7,
                            .first_queries = {{"dog"}, {"missing", "wolf"}, {"stone"}}};
      Random shuffle(11);
      SearchSession session(options, strategy, scorer);
      const SearchOutcome outcome = run_session(session, service, &shuffle);
      EXPECT_LE(outcome.counts.api_calls, 30);
      EXPECT_LE(outcome.counts.images_downloaded, 40);
      EXPECT_GE(outcome.counts.images_scored, 3);
      EXPECT_FALSE(outcome.fatal);
      texts = service.asked;
    }
    EXPECT_EQ(asked[0], asked[1]);
  }
}

}  // namespace
}  // namespace lookalike

#include "core/eval/replay.h"

#include <gtest/gtest.h>

#include <set>

namespace lookalike {
namespace {

class ReplayTest : public testing::Test {
 protected:
  ReplayTest() {
    std::vector<FrozenPhoto> photos;
    for (int i = 0; i < 300; ++i) {
      photos.push_back(
          {.photo = {.title = "photo", .tags = {i % 3 == 0 ? "dog" : "stone", "t" + std::to_string(i % 40)}},
           .uploaded = i});
      orders_.push_back(i % 3 == 0 ? 10 + i * 0.01 : i * 0.01);
    }
    service_.emplace(std::move(photos));
  }

  Replay replay(const char* strategy, uint64_t seed) const {
    const SearchOptions options{.max_calls = 30,
                                .max_images = 60,
                                .seed = seed,
                                .first_queries = {{"dog"}, {"stone"}},
                                // All photos are older than any moment that `clear` may ask as of.
                                .now = std::chrono::system_clock::time_point(std::chrono::hours(24 * 365 * 30))};
    return replay_search(*service_, orders_, 0, options, **find_strategy(strategy));
  }

  std::optional<FrozenService> service_;
  std::vector<double> orders_;
};

TEST_F(ReplayTest, IsTheSameForTheSameSeed) {
  for (const Strategy& strategy : strategies()) {
    const Replay a = replay(strategy.name.data(), 3);
    const Replay b = replay(strategy.name.data(), 3);
    ASSERT_EQ(a.steps.size(), b.steps.size());
    for (size_t i = 0; i < a.steps.size(); ++i)
      EXPECT_EQ(a.steps[i].photo, b.steps[i].photo);
  }
}

TEST_F(ReplayTest, StaysWithinItsBudgetAndNeverSeesTheHiddenPhoto) {
  for (const Strategy& strategy : strategies()) {
    const Replay result = replay(strategy.name.data(), 1);
    EXPECT_LE(result.counts.api_calls, 30);
    EXPECT_LE(result.counts.images_downloaded, 60);
    std::set<uint32_t> seen;
    double last = 0;
    for (const ReplayStep& step : result.steps) {
      EXPECT_NE(step.photo, 0u);
      EXPECT_TRUE(seen.insert(step.photo).second);
      EXPECT_GE(step.elapsed_ms, last);
      last = step.elapsed_ms;
    }
    EXPECT_FALSE(result.steps.empty()) << strategy.name;
  }
}

// Without word vectors tiara compares tags by their photos, and so finds other ones.
TEST_F(ReplayTest, FeaturesReachTheStrategy) {
  const SearchOptions options{.max_calls = 30, .max_images = 60, .first_queries = {{"dog"}, {"stone"}}};
  const auto found = [&](const PhotoFeatures& features) {
    std::vector<uint32_t> photos;
    for (const ReplayStep& step :
         replay_search(*service_, orders_, 0, options, **find_strategy("tiara"), {}, features).steps)
      photos.push_back(step.photo);
    return photos;
  };
  std::vector<std::vector<float>> rows;
  for (size_t i = 0; i < orders_.size(); ++i)
    rows.push_back({i % 3 == 0 ? 1.0f : 0.0f, i % 3 == 0 ? 0.0f : 1.0f, static_cast<float>(i % 40)});
  const PhotoFeatures features = [&rows](size_t photo) { return std::span<const float>(rows[photo]); };
  EXPECT_EQ(found(features), found(features));
  EXPECT_NE(found(features), found({}));
}

}  // namespace
}  // namespace lookalike

#include "core/eval/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::Each;
using testing::Field;
using testing::Le;
using testing::SizeIs;

FrozenService small_service() {
  std::vector<FrozenPhoto> photos;
  for (int i = 0; i < 60; ++i) {
    const std::string kind = i % 2 == 0 ? "dog" : "stone";
    FrozenPhoto frozen;
    frozen.photo.title = "photo " + std::to_string(i);
    frozen.photo.tags = {kind, "group" + std::to_string(i % 5)};
    frozen.uploaded = i;
    photos.push_back(frozen);
  }
  return FrozenService(std::move(photos));
}

ExperimentQuery dog_query() {
  ExperimentQuery query{.photo = 0, .classes = {{"dog", 0.9, {}}, {"stone", 0.1, {}}}};
  for (int i = 0; i < 60; ++i) {
    query.orders.push_back(i % 2 == 0 ? 20.0 + i : 1.0);
    query.relevant.push_back(i % 2 == 0);
  }
  return query;
}

TEST(Experiment, MeasuresEverySearchAndItsCurves) {
  const FrozenService service = small_service();
  const ExperimentOptions options{.seeds = 2, .max_calls = 20, .max_images = 30, .curve_points = 5};
  const auto searches = run_experiment(service, {dog_query(), dog_query()}, **find_strategy("greedy"), options);
  ASSERT_THAT(searches, SizeIs(4));
  EXPECT_THAT(searches, Each(Field(&SearchMeasure::images, Le(30))));
  for (const SearchMeasure& search : searches) {
    ASSERT_THAT(search.by_images, SizeIs(5));
    ASSERT_THAT(search.by_calls, SizeIs(5));
    for (size_t i = 1; i < 5; ++i)
      EXPECT_GE(search.by_images[i].recall_at_10, search.by_images[i - 1].recall_at_10);
    EXPECT_EQ(search.by_images.back().recall_at_10, search.quality.recall_at_10);
    EXPECT_EQ(search.by_calls.back().recall_at_10, search.quality.recall_at_10);
    EXPECT_GT(search.quality.recall_at_10, 0);
    ASSERT_TRUE(search.labels);
    EXPECT_EQ(search.labels->precision, 1);
  }
}

TEST(Experiment, IsTheSameTwice) {
  const FrozenService service = small_service();
  const ExperimentOptions options{.seeds = 3, .max_calls = 20, .max_images = 12};
  for (const Strategy& strategy : strategies()) {
    const auto once = run_experiment(service, {dog_query()}, strategy, options);
    const auto again = run_experiment(service, {dog_query()}, strategy, options);
    ASSERT_EQ(once.size(), again.size());
    for (size_t i = 0; i < once.size(); ++i) {
      EXPECT_EQ(once[i].quality.log_score_ratio, again[i].quality.log_score_ratio) << strategy.name;
      EXPECT_EQ(once[i].seconds, again[i].seconds) << strategy.name;
    }
  }
}

TEST(Experiment, WithoutLabelsHasNoLabelMeasures) {
  ExperimentQuery query = dog_query();
  query.relevant.clear();
  const auto searches = run_experiment(small_service(), {query}, **find_strategy("clear"), {.seeds = 1});
  EXPECT_FALSE(searches.front().labels);
}

TEST(Experiment, CurvesEndWithTheWholeBudget) {
  EXPECT_EQ(curve_budget(15, 16, 96), 96);
  EXPECT_EQ(curve_budget(0, 16, 96), 6);
  EXPECT_EQ(curve_budget(15, 16, 80), 80);
  EXPECT_EQ(curve_budget(2, 3, 1'000'000), 1'000'000);
}

}  // namespace
}  // namespace lookalike

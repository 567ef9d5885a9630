#include "core/search/strategies/tag_regression.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <vector>

#include "core/base/random.h"

namespace lookalike {
namespace {

std::vector<TagFeature> features(const std::vector<TagId>& tags) {
  std::vector<TagFeature> result;
  for (const TagId tag : tags)
    result.push_back({tag, 1});
  return result;
}

// Each tag is worth half of the one before.
std::vector<TagFeature> halved(const std::vector<TagId>& tags) {
  std::vector<TagFeature> result = features(tags);
  for (size_t i = 0; i < result.size(); ++i)
    result[i].value = std::pow(0.5, static_cast<double>(i));
  return result;
}

// The primal normal equations, solved by Gauss and Jordan: (X'X + ridge I) w = X'(y - mean).
std::vector<double> naive_weights(const std::vector<std::vector<TagFeature>>& photos, const std::vector<double>& values,
                                  size_t tags, double ridge) {
  double mean = 0;
  for (const double v : values)
    mean += v / static_cast<double>(values.size());
  std::vector<std::vector<double>> a(tags, std::vector<double>(tags + 1, 0));
  for (size_t t = 0; t < tags; ++t)
    a[t][t] = ridge;
  for (size_t p = 0; p < photos.size(); ++p) {
    for (const TagFeature& i : photos[p]) {
      for (const TagFeature& j : photos[p])
        a[i.tag][j.tag] += i.value * j.value;
      a[i.tag][tags] += i.value * (values[p] - mean);
    }
  }
  for (size_t i = 0; i < tags; ++i) {
    for (size_t j = 0; j < tags; ++j) {
      if (i == j) continue;
      const double factor = a[j][i] / a[i][i];
      for (size_t k = i; k <= tags; ++k)
        a[j][k] -= factor * a[i][k];
    }
  }
  std::vector<double> weights;
  for (size_t t = 0; t < tags; ++t)
    weights.push_back(a[t][tags] / a[t][t]);
  return weights;
}

TEST(TagRegression, AgreesWithTheNormalEquations) {
  constexpr size_t kTags = 25;
  Random random(8);
  TagRegression regression(3.0);
  std::vector<std::vector<TagFeature>> photos;
  std::vector<double> values;
  for (int step = 0; step < 60; ++step) {
    std::set<TagId> tags;
    for (uint64_t i = random.below(6); i > 0; --i)
      tags.insert(static_cast<TagId>(random.below(kTags)));
    photos.push_back(halved({tags.begin(), tags.end()}));
    values.push_back(20 * random.uniform() - 5);
    regression.add(photos.back(), values.back());
    const auto expected = naive_weights(photos, values, kTags, 3.0);
    for (TagId t = 0; t < kTags; ++t)
      ASSERT_NEAR(regression.weight(t), expected[t], 1e-9) << "step " << step;
  }
  EXPECT_NEAR(regression.predict(halved({1, 2})), regression.weight(1) + 0.5 * regression.weight(2), 1e-12);
}

// A number is a feature like a tag: the same photos, with a tag's value as a number.
TEST(TagRegression, NumbersAreFeaturesThatEveryPhotoHas) {
  Random random(9);
  TagRegression with_tags(2.0);
  TagRegression with_numbers(2.0, 2);
  for (int step = 0; step < 40; ++step) {
    const auto own = static_cast<TagId>(random.below(5));
    const std::vector<float> numbers = {static_cast<float>(random.uniform()), static_cast<float>(random.uniform())};
    const double value = 10 * random.uniform();
    with_tags.add(std::vector<TagFeature>{{own, 1}, {5, numbers[0]}, {6, numbers[1]}}, value);
    with_numbers.add(std::vector<TagFeature>{{own, 1}}, value, numbers);
    for (TagId tag = 0; tag < 5; ++tag)
      ASSERT_NEAR(with_numbers.weight(tag), with_tags.weight(tag), 1e-4) << "step " << step;
    ASSERT_NEAR(with_numbers.number_weights()[0], with_tags.weight(5), 1e-4) << "step " << step;
    ASSERT_NEAR(with_numbers.number_weights()[1], with_tags.weight(6), 1e-4) << "step " << step;
  }
  const std::vector<float> numbers = {0.5f, 2.0f};
  EXPECT_NEAR(with_numbers.predict(features({1}), numbers),
              with_tags.predict(std::vector<TagFeature>{{1, 1}, {5, 0.5}, {6, 2}}), 1e-3);
}

TEST(TagRegression, LearnsTheSurpriseOnlyUntilExpectationsAreForgotten) {
  TagRegression surprised(1.0);
  TagRegression plain(1.0);
  for (const auto& [tag, value, expected] : {std::tuple{1u, 8.0, 6.0}, {2u, 3.0, 1.0}, {1u, 9.0, 6.0}}) {
    surprised.add(features({tag}), value, {}, expected);
    plain.add(features({tag}), value);
  }
  EXPECT_NEAR(surprised.mean(), 7.0 / 3, 1e-12);
  EXPECT_LT(surprised.weight(1), plain.weight(1));
  surprised.forget_expectations();
  EXPECT_DOUBLE_EQ(surprised.mean(), plain.mean());
  EXPECT_DOUBLE_EQ(surprised.weight(1), plain.weight(1));
  EXPECT_DOUBLE_EQ(surprised.deviation(), plain.deviation());
}

TEST(TagRegression, KnowsNothingOfTagsNeverSeen) {
  TagRegression regression(1.0);
  EXPECT_EQ(regression.weight(7), 0);
  regression.add(features({1}), 2.0);
  EXPECT_EQ(regression.predict(features({500})), 0);
  EXPECT_EQ(regression.count(1), 1);
  EXPECT_EQ(regression.count(500), 0);
}

TEST(TagRegression, TellsMeanAndDeviation) {
  TagRegression regression(1.0);
  EXPECT_EQ(regression.deviation(), 0);
  regression.add({}, 1.0);
  regression.add({}, 3.0);
  EXPECT_DOUBLE_EQ(regression.mean(), 2.0);
  EXPECT_DOUBLE_EQ(regression.deviation(), std::sqrt(2.0));
}

TEST(TagRegression, SamePhotoManyTimesStaysFinite) {
  TagRegression regression(0.5);
  for (int i = 0; i < 300; ++i)
    regression.add(features({1, 2, 3}), 58'000.0 + i % 2);
  EXPECT_TRUE(std::isfinite(regression.weight(1)));
}

TEST(TagRegression, StopsLearningAtItsBound) {
  TagRegression regression(1.0);
  for (size_t i = 0; i < TagRegression::kMaxPhotos + 5; ++i) {
    regression.add(features({static_cast<TagId>(i % 50)}), static_cast<double>(i % 50));
  }
  EXPECT_EQ(regression.size(), TagRegression::kMaxPhotos);
}

}  // namespace
}  // namespace lookalike

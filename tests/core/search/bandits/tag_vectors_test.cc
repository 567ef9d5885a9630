#include "core/search/bandits/tag_vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/base/random.h"
#include "tests/core/search/strategies/fake_word_vectors.h"

namespace lookalike {
namespace {

using testing::Each;
using testing::ElementsAre;

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

TEST(TagVectors, AreTheMeanOfTheKnownWords) {
  TagTable tags;
  const FakeWordVectors words({{"cat", {2, 0}}, {"black", {0, 4}}});
  TagVectors vectors(tags, &words);
  const TagId both = *tags.intern("Black_Cat");
  const TagId one = *tags.intern("cat xyzzy");
  const TagId none = *tags.intern("xyzzy");
  for (const TagId tag : {both, one, none})
    vectors.add(tag);
  EXPECT_EQ(vectors.dimensions(), 2u);
  EXPECT_FALSE(vectors.visual());
  EXPECT_THAT(vectors.at(both), ElementsAre(1, 2));
  EXPECT_THAT(vectors.at(one), ElementsAre(2, 0));
  EXPECT_THAT(vectors.at(none), ElementsAre(0, 0));
  vectors.add(one);  // twice is once
  const std::vector<float> embedding = {1, 2, 3};
  const std::vector<TagId> photo_tags = {one};
  vectors.see(embedding, photo_tags);
  EXPECT_THAT(vectors.at(one), ElementsAre(2, 0));
}

TEST(TagVectors, WithoutWordsAreTheMeanOfThePhotosSeen) {
  TagTable tags;
  TagVectors vectors(tags, nullptr);
  const TagId a = *tags.intern("a");
  const TagId b = *tags.intern("b");
  vectors.add(a);
  vectors.add(b);
  EXPECT_TRUE(vectors.visual());
  EXPECT_THAT(vectors.at(a), Each(0.0f));
  const std::vector<float> first = {1, 2, 3, -4};
  const std::vector<float> second = {-1, 5, 0, 2};
  const std::vector<TagId> both = {a, b};
  const std::vector<TagId> only_a = {a};
  vectors.see(first, both);
  vectors.see(second, only_a);
  const auto sketch1 = visual_sketch(first);
  const auto sketch2 = visual_sketch(second);
  for (size_t i = 0; i < vectors.dimensions(); ++i) {
    EXPECT_NEAR(vectors.at(a)[i], (sketch1[i] + sketch2[i]) / 2, 1e-6);
    EXPECT_EQ(vectors.at(b)[i], sketch1[i]);
  }
}

TEST(VisualSketch, KeepsCosinesOnAverage) {
  Random random(3);
  double error = 0;
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<float> a(15'680);
    std::vector<float> b(15'680);
    for (size_t i = 0; i < a.size(); ++i) {
      const double common = random.normal();
      a[i] = static_cast<float>(common + 0.5 * random.normal());
      b[i] = static_cast<float>(common + 0.5 * random.normal());
    }
    const double cosine = dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
    const auto sketch = visual_sketch(a);
    EXPECT_NEAR(dot(sketch, sketch), 1, 1e-5);
    error += dot(sketch, visual_sketch(b)) - cosine;
  }
  EXPECT_NEAR(error / 50, 0, 0.03);
}

TEST(VisualSketch, NothingGivesZero) {
  EXPECT_THAT(visual_sketch({}), Each(0.0f));
  EXPECT_EQ(visual_sketch({}).size(), TagVectors::kVisualDimensions);
  const std::vector<float> zeros(50, 0.0f);
  EXPECT_THAT(visual_sketch(zeros), Each(0.0f));
  const std::vector<float> infinite = {INFINITY, 1};
  EXPECT_THAT(visual_sketch(infinite), Each(0.0f));
}

}  // namespace
}  // namespace lookalike

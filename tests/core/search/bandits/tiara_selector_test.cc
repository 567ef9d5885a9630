#include "core/search/bandits/tiara_selector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "core/base/random.h"
#include "core/search/bandits/lin_ucb.h"
#include "core/search/bandits/tag_vectors.h"
#include "tests/core/search/bandits/selector_trials.h"
#include "tests/core/search/strategies/fake_word_vectors.h"

namespace lookalike {
namespace {

using Outcome = DrawResult::Outcome;

constexpr TagId kTiaraTags = 80;

// Every tag is a word of eight random numbers.
class TiaraSelectorTest : public testing::Test {
 protected:
  TiaraSelectorTest() : words_(random_words()) {
    for (TagId tag = 0; tag < kTiaraTags; ++tag)
      EXPECT_EQ(tags_.intern(name(tag)), tag);
  }

  static std::string name(TagId tag) { return "word" + std::to_string(tag); }

  static FakeWordVectors random_words() {
    Random random(8);
    std::map<std::string, std::vector<float>, std::less<>> vectors;
    for (TagId tag = 0; tag < kTiaraTags; ++tag) {
      for (int i = 0; i < 8; ++i)
        vectors[name(tag)].push_back(static_cast<float>(random.normal()));
    }
    return FakeWordVectors(std::move(vectors));
  }

  StrategySetup setup(uint64_t seed, bool with_words = true) const {
    return {.seed = seed, .tags = &tags_, .words = with_words ? &words_ : nullptr};
  }

  // Draws one at a time and compares each choice with the highest bound of a model that looks at every tag.
  void expect_argmax(std::unique_ptr<TagSelector> selector, bool every_tag, double alpha) {
    Random random(21);
    TagVectors vectors(tags_, &words_);
    LinUcb model(8, 1.0);
    std::vector<TagId> known;
    selector->add_first_query(0);
    for (int step = 0; step < 400; ++step) {
      const auto bound = [&](TagId tag) {
        return model.value(vectors.at(tag)) + alpha * std::sqrt(model.squared_width(vectors.at(tag)));
      };
      const auto tag = selector->select();
      ASSERT_TRUE(tag);
      double best = -1e9;
      for (const TagId other : known)
        best = std::max(best, bound(other));
      if (step > 0) {
        ASSERT_NEAR(bound(*tag), best, 1e-9) << "step " << step;
      }
      std::vector<TagId> tags = {*tag, static_cast<TagId>((*tag + 1 + random.below(20)) % kTiaraTags)};
      for (const TagId seen : tags) {
        vectors.add(seen);
        if (std::find(known.begin(), known.end(), seen) == known.end()) known.push_back(seen);
      }
      const double reward = static_cast<double>(vectors.at(*tag)[0]) + random.normal();
      for (const TagId credited : tags) {
        if (every_tag || credited == *tag) model.add(vectors.at(credited), reward);
      }
      selector->observe({*tag, Outcome::scored, reward, 1, tags, {}});
    }
  }

  TagTable tags_;
  FakeWordVectors words_;
};

TEST_F(TiaraSelectorTest, BehavesWell) {
  EXPECT_GT(expect_good_behaviour([&](uint64_t seed) { return make_tiara_selector(setup(seed)); }), 600u);
  EXPECT_GT(expect_good_behaviour([&](uint64_t seed) { return make_tiara_s_selector(setup(seed)); }), 600u);
}

TEST_F(TiaraSelectorTest, BehavesWellWithoutWordVectors) {
  EXPECT_GT(expect_good_behaviour([&](uint64_t seed) { return make_tiara_selector(setup(seed, false)); }), 600u);
  EXPECT_GT(expect_good_behaviour([&](uint64_t seed) { return make_tiara_s_selector(setup(seed, false)); }), 600u);
}

TEST_F(TiaraSelectorTest, TiaraDrawsTheHighestBoundCreditingEveryTag) {
  expect_argmax(make_tiara_selector(setup(1)), true, 0.01);
}

TEST_F(TiaraSelectorTest, TiaraSDrawsTheHighestBoundCreditingTheAskedTag) {
  expect_argmax(make_tiara_s_selector(setup(1)), false, 1.0);
}

// A tag that was never drawn is preferred for what its word means.
TEST(TiaraSelector, GeneralisesToTagsOfLikeMeaning) {
  TagTable tags;
  const FakeWordVectors words({{"wolf", {1, 0}}, {"husky", {0.9f, 0.1f}}, {"car", {0, 1}}, {"truck", {0.1f, 0.9f}}});
  const TagId wolf = *tags.intern("wolf");
  const TagId car = *tags.intern("car");
  const TagId husky = *tags.intern("husky");
  const TagId truck = *tags.intern("truck");
  for (const auto make : {&make_tiara_selector, &make_tiara_s_selector}) {
    const auto selector = make({.seed = 1, .tags = &tags, .words = &words});
    selector->add_first_query(wolf);
    selector->add_first_query(car);
    ASSERT_EQ(selector->select(), wolf);
    ASSERT_EQ(selector->select(), car);
    const std::vector<TagId> both = {husky, truck};
    selector->observe({wolf, Outcome::scored, 9.0, 1, {}, {}});
    selector->observe({car, Outcome::scored, -9.0, 2, both, {}});
    std::vector<TagId> order;
    while (const auto tag = selector->select())
      order.push_back(*tag);
    ASSERT_EQ(order.size(), 4u);
    const auto place = [&](TagId tag) { return std::find(order.begin(), order.end(), tag) - order.begin(); };
    EXPECT_LT(place(husky), place(truck));
  }
}

// Without word vectors: tags whose photos look like good ones.
TEST(TiaraSelector, GeneralisesByWhatPhotosLookLike) {
  TagTable tags;
  const TagId first = *tags.intern("first");
  const TagId second = *tags.intern("second");
  const TagId good = *tags.intern("good");
  const TagId bad = *tags.intern("bad");
  Random random(1);
  std::vector<float> bright(500);
  std::vector<float> dark(500);
  for (size_t i = 0; i < bright.size(); ++i) {
    bright[i] = static_cast<float>(random.normal());
    dark[i] = static_cast<float>(random.normal());
  }
  const auto selector = make_tiara_s_selector({.seed = 1, .tags = &tags});
  selector->add_first_query(first);
  selector->add_first_query(second);
  ASSERT_EQ(selector->select(), first);
  ASSERT_EQ(selector->select(), second);
  const std::vector<TagId> good_tags = {good};
  const std::vector<TagId> bad_tags = {bad};
  selector->observe({first, Outcome::scored, 9.0, 1, good_tags, bright});
  selector->observe({second, Outcome::scored, -9.0, 2, bad_tags, dark});
  std::vector<TagId> order;
  while (const auto tag = selector->select())
    order.push_back(*tag);
  ASSERT_EQ(order.size(), 4u);
  EXPECT_TRUE(order[0] == good || order[0] == first);
  EXPECT_TRUE(order[1] == good || order[1] == first);
}

}  // namespace
}  // namespace lookalike

#include "tests/core/search/bandits/selector_trials.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/random.h"

namespace lookalike {
namespace {

using Outcome = DrawResult::Outcome;

constexpr TagId kTags = 60;

struct Trial {
  explicit Trial(TagSelector& trial_selector) : selector(trial_selector) {}

  bool begin() {
    const auto tag = selector.select();
    if (!tag) return false;
    EXPECT_TRUE(under_way_set.insert(*tag).second) << "tag " << *tag << " is drawn twice at once";
    EXPECT_FALSE(used_up.contains(*tag)) << "tag " << *tag << " is used up";
    under_way.push_back(*tag);
    drawn.push_back(*tag);
    return true;
  }

  void end_one() {
    const size_t which = random.below(under_way.size());
    const TagId tag = under_way[which];
    under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(which));
    under_way_set.erase(tag);
    DrawResult draw{.tag = tag, .outcome = outcome_for(tag)};
    std::vector<TagId> tags;
    std::vector<float> embedding;
    if (draw.outcome == Outcome::scored) {
      draw.log_score = 10 * random.uniform() - 5;
      draw.rank = 1 + static_cast<int>(random.below(20));
      while (tags.size() < random.below(6)) {
        const auto other = static_cast<TagId>(random.below(kTags));
        if (std::find(tags.begin(), tags.end(), other) == tags.end()) tags.push_back(other);
      }
      for (int i = 0; i < 30; ++i)
        embedding.push_back(static_cast<float>(random.uniform()));
      draw.photo_tags = tags;
      draw.embedding = embedding;
    }
    selector.observe(draw);
  }

  Outcome outcome_for(TagId tag) {
    if (used[tag]++ >= 12) {
      used_up.insert(tag);
      return Outcome::empty;
    }
    const uint64_t chance = random.below(10);
    return chance == 0 ? Outcome::failed : chance == 1 ? Outcome::repeated : Outcome::scored;
  }

  TagSelector& selector;
  Random random{17};
  std::vector<TagId> under_way;
  std::set<TagId> under_way_set;
  std::map<TagId, int> used;
  std::set<TagId> used_up;
  std::vector<TagId> drawn;
};

std::vector<TagId> run_trial(TagSelector& selector) {
  Trial trial(selector);
  for (TagId tag = 0; tag < 10; ++tag)
    selector.add_first_query(tag);
  for (TagId tag = kTags; tag < kTags + 3; ++tag)
    selector.add_fallback(tag);
  while (trial.drawn.size() < 1000) {
    while (trial.under_way.size() < 10 && trial.begin()) {
    }
    if (trial.under_way.empty()) break;
    trial.end_one();
    if (trial.drawn.size() == 20) selector.add_first_query(kTags + 10);
  }
  return trial.drawn;
}

}  // namespace

size_t expect_good_behaviour(const MakeSelector& make) {
  const auto first = make(1);
  const auto again = make(1);
  const auto nothing = make(1);
  EXPECT_EQ(nothing->select(), std::nullopt);
  const std::vector<TagId> drawn = run_trial(*first);
  EXPECT_EQ(run_trial(*again), drawn) << "the same seed gives other draws";
  for (TagId tag = 0; tag < 10; ++tag)
    EXPECT_TRUE(std::find(drawn.begin(), drawn.end(), tag) != drawn.end()) << "first query " << tag << " is not drawn";
  return drawn.size();
}

std::vector<TagId> draws_from(TagSelector& selector, const std::function<double(TagId)>& reward_of,
                              const std::function<std::vector<TagId>(TagId)>& tags_of, size_t draws) {
  std::vector<TagId> drawn;
  while (drawn.size() < draws) {
    const auto tag = selector.select();
    if (!tag) break;
    drawn.push_back(*tag);
    const std::vector<TagId> tags = tags_of(*tag);
    selector.observe({*tag, Outcome::scored, reward_of(*tag), 1, tags, {}});
  }
  return drawn;
}

}  // namespace lookalike

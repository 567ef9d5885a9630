#include "core/search/bandits/clear_selector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/base/random.h"

namespace lookalike {
namespace {

using Outcome = DrawResult::Outcome;

std::vector<TagId> drain(TagSelector& selector) {
  std::vector<TagId> tags;
  while (const auto tag = selector.select())
    tags.push_back(*tag);
  return tags;
}

void begin(TagSelector& selector, const std::vector<TagId>& first, int fallbacks = 0) {
  for (int i = 0; i < fallbacks; ++i)
    selector.add_fallback(1000 + static_cast<TagId>(i));
  for (const TagId tag : first)
    selector.add_first_query(tag);
}

TEST(ClearSelector, WaitsForTheWholeRound) {
  const auto selector = make_clear_selector(1);
  begin(*selector, {0, 1, 2}, 6);
  EXPECT_EQ(drain(*selector), (std::vector<TagId>{0, 1, 2}));
  selector->observe({0, Outcome::empty, 0, 0, {}});
  selector->observe({2, Outcome::failed, 0, 0, {}});
  EXPECT_EQ(selector->select(), std::nullopt);
  selector->observe({1, Outcome::empty, 0, 0, {}});
  EXPECT_EQ(drain(*selector).size(), 6u);  // nothing was credited: fallbacks at random, all distinct
}

TEST(ClearSelector, RoundsAreTenDistinctTagsBestMeanFirst) {
  const auto selector = make_clear_selector(1);
  begin(*selector, {0}, 6);
  (void)drain(*selector);
  std::vector<TagId> tags;
  for (TagId t = 10; t < 19; ++t)
    tags.push_back(t);
  selector->observe({0, Outcome::scored, 1.0, 1, tags});
  const auto round = drain(*selector);
  EXPECT_EQ(round.size(), 10u);
  EXPECT_EQ(std::set<TagId>(round.begin(), round.end()).size(), 10u);
}

TEST(ClearSelector, OnlyPhotosAmongTheTenBestCreditTheirTags) {
  const auto selector = make_clear_selector(1);
  begin(*selector, {0, 1});
  (void)drain(*selector);
  const std::vector<TagId> good = {20};
  const std::vector<TagId> bad = {30};
  selector->observe({0, Outcome::scored, 5.0, 10, good});
  selector->observe({1, Outcome::scored, 1.0, 11, bad});
  EXPECT_EQ(drain(*selector), (std::vector<TagId>{20}));  // no fallback is known here, so one tag is all there is
}

TEST(ClearSelector, CreditsAtMostTenTagsOfAPhoto) {
  const auto selector = make_clear_selector(3);
  begin(*selector, {0});
  (void)drain(*selector);
  std::vector<TagId> tags;
  for (TagId t = 100; t < 150; ++t)
    tags.push_back(t);
  selector->observe({0, Outcome::scored, 1.0, 1, tags});
  std::set<TagId> known;
  for (int round = 0; round < 20; ++round) {
    const auto drawn = drain(*selector);
    known.insert(drawn.begin(), drawn.end());
    for (const TagId tag : drawn)
      selector->observe({tag, Outcome::empty, 0, 0, {}});
  }
  EXPECT_EQ(known.size(), 10u);
}

// The original, transcribed as a list that is searched from end to end, with its missed index 0.
class NaiveQueue {
 public:
  struct Entry {
    double mean;
    TagId tag;
    int count;
  };
  void push(Entry entry) { entries_.push_back(entry); }
  bool empty() const { return entries_.empty(); }
  Entry pop() {
    size_t best = 0;
    for (size_t i = 1; i < entries_.size(); ++i) {
      if (best == 0 || entries_[i].mean > entries_[best].mean) best = i;
    }
    const Entry entry = entries_[best];
    entries_.erase(entries_.begin() + static_cast<ptrdiff_t>(best));
    return entry;
  }

 private:
  std::vector<Entry> entries_;
};

TEST(ClearSelector, DrawsAsTheOriginalsQueueDoes) {
  Random random(6);
  const auto selector = make_clear_selector(2);
  NaiveQueue naive;
  std::map<TagId, std::pair<double, int>> sums;  // of exp(score)
  begin(*selector, {0});
  auto round = drain(*selector);
  int compared = 0;
  for (int r = 0; r < 60; ++r) {
    for (const TagId tag : round) {
      // One tag a photo keeps the random sample out of the comparison.
      const std::vector<TagId> tags = {static_cast<TagId>(1 + random.below(60))};
      const double score = 5 * random.uniform();
      auto& [sum, count] = sums[tags[0]];
      sum += std::exp(score);
      ++count;
      naive.push({std::log(sum / count), tags[0], count});
      selector->observe({tag, Outcome::scored, score, 1, tags});
    }
    std::vector<TagId> expected;
    while (expected.size() < 10 && !naive.empty()) {
      const auto entry = naive.pop();
      if (entry.count == sums[entry.tag].second) expected.push_back(entry.tag);
    }
    round = drain(*selector);
    ASSERT_GE(round.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(round[i], expected[i]) << "round " << r << " draw " << i;
      ++compared;
    }
  }
  EXPECT_GT(compared, 200);
}

}  // namespace
}  // namespace lookalike

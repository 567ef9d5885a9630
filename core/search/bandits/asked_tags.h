// What the classic bandits know of tags: the rewards of the draws from a tag, and nothing from other tags' photos.
// A reward is a photo's log score: of the dot product's it is of a class logit's size, as in the source, and it cannot
// overflow. A tag that was seen on a photo and never drawn from is expected to be worth the average draw. In the source
// such a tag goes first; where every photo brings new tags, that is a search at random.
// Source: the baselines of Sato, "Retrieving Black-box Optimal Images from External Databases", WSDM 2022, section 5.
// Cost: O(1) each, end() O(t) for a photo with t tags.
// Threads: one.
// Tested by tests/core/search/bandits/asked_tags_test.cc
#pragma once

#include <optional>
#include <vector>

#include "core/base/random.h"
#include "core/search/bandits/drawable_tags.h"
#include "core/search/bandits/tag_pool.h"
#include "core/search/bandits/tag_ranking.h"

namespace lookalike {

class AskedTags {
 public:
  void add_first_query(TagId tag) { draws_.add_first_query(tag); }
  void add_fallback(TagId tag) { draws_.add_fallback(tag); }
  std::optional<TagId> next_first_query() { return draws_.next_first_query(); }
  std::optional<TagId> next_fallback() { return draws_.next_fallback(); }

  void begin(TagId tag);
  // Takes the reward, and the photo's tags as new ones. True when the tag has rewards and may be drawn from again.
  bool end(const DrawResult& draw);

  // Tags that may be drawn from and never were: all alike.
  const TagPool& unasked() const { return unasked_; }
  int count(TagId tag) const { return tag < arms_.size() ? arms_[tag].count : 0; }
  // REQUIRES: count(tag) > 0
  double mean(TagId tag) const { return arms_[tag].sum / arms_[tag].count; }
  int draws() const { return all_.count; }
  double overall_mean() const { return all_.count > 0 ? all_.sum / all_.count : 0; }
  // Of the rewards of all draws; 0 when there are fewer than two.
  double overall_variance() const;

 private:
  struct Rewards {
    double sum = 0;
    int count = 0;
  };

  void add_reward(TagId tag, double reward);

  DrawableTags draws_;
  TagPool unasked_;
  std::vector<Rewards> arms_;  // by TagId
  Rewards all_;
  double squares_ = 0;  // of the differences from the overall mean
};

// The best of `ranking`, or any of the tags never drawn from where these are worth more; nothing when there is neither.
std::optional<TagId> best_or_unasked(const TagRanking& ranking, const TagPool& unasked, double unasked_value,
                                     Random& random);

}  // namespace lookalike

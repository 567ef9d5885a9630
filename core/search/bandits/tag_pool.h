// A set of tags to draw from uniformly.
// Cost: O(1) each.
// Threads: one.
// Tested by tests/core/search/bandits/tag_pool_test.cc
#pragma once

#include <cstddef>
#include <vector>

#include "core/base/random.h"
#include "core/search/strategies/tag_table.h"

namespace lookalike {

class TagPool {
 public:
  void add(TagId tag) {
    if (contains(tag)) return;
    if (tag >= places_.size()) places_.resize(tag + 1, 0);
    tags_.push_back(tag);
    places_[tag] = tags_.size();
  }
  void remove(TagId tag) {
    if (!contains(tag)) return;
    const size_t place = places_[tag];
    tags_[place - 1] = tags_.back();
    places_[tags_[place - 1]] = place;
    places_[tag] = 0;
    tags_.pop_back();
  }
  bool contains(TagId tag) const { return tag < places_.size() && places_[tag] > 0; }
  bool empty() const { return tags_.empty(); }
  size_t size() const { return tags_.size(); }
  const std::vector<TagId>& tags() const { return tags_; }
  // REQUIRES: !empty()
  TagId any(Random& random) const { return tags_[random.below(tags_.size())]; }

 private:
  std::vector<TagId> tags_;
  std::vector<size_t> places_;  // by TagId: its place in tags_, counted from 1; 0: it is not among them
};

}  // namespace lookalike

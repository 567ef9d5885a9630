// Tags in the order of a value that changes now and then, the highest first; equals in an order that the seed gives.
// Cost: O(log n) each.
// Threads: one.
// Tested by tests/core/search/bandits/tag_ranking_test.cc
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "core/search/strategies/tag_table.h"

namespace lookalike {

class TagRanking {
 public:
  explicit TagRanking(uint64_t seed) : seed_(seed) {}

  // Adds the tag or moves it.
  void set(TagId tag, double value);
  void remove(TagId tag);
  // REQUIRES of the next two: !empty()
  TagId best() const { return order_.begin()->tag; }
  double best_value() const { return order_.begin()->value; }
  bool empty() const { return order_.empty(); }

 private:
  struct Place {
    double value;
    uint64_t tie_break;
    TagId tag;
    bool operator<(const Place& other) const {
      if (value != other.value) return value > other.value;
      return tie_break != other.tie_break ? tie_break < other.tie_break : tag < other.tag;
    }
  };

  uint64_t seed_;
  std::set<Place> order_;
  std::vector<std::optional<Place>> places_;  // by TagId
};

}  // namespace lookalike

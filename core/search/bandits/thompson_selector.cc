#include "core/search/bandits/thompson_selector.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/search/bandits/asked_tags.h"

namespace lookalike {
namespace {

class ThompsonSelector final : public TagSelector {
 public:
  explicit ThompsonSelector(uint64_t seed) : random_(seed) {}

  void add_first_query(TagId tag) override { tags_.add_first_query(tag); }
  void add_fallback(TagId tag) override { tags_.add_fallback(tag); }

  std::optional<TagId> select() override {
    std::optional<TagId> tag = tags_.next_first_query();
    if (!tag) tag = highest_value();
    if (!tag) tag = tags_.next_fallback();
    if (!tag) return std::nullopt;
    asked_.remove(*tag);
    tags_.begin(*tag);
    return tag;
  }

  void observe(const DrawResult& draw) override {
    if (tags_.end(draw)) asked_.add(draw.tag);
    stale_ = stale_ || draw.outcome == DrawResult::Outcome::scored;
  }

 private:
  struct Value {
    double value;
    TagId tag;
    bool operator<(const Value& other) const { return value != other.value ? value < other.value : tag > other.tag; }
  };

  std::optional<TagId> highest_value() {
    if (stale_) draw_values();
    while (!values_.empty() && (tags_.unasked().empty() || values_.front().value >= unasked_value_)) {
      const TagId tag = values_.front().tag;
      std::pop_heap(values_.begin(), values_.end());
      values_.pop_back();
      if (asked_.contains(tag)) return tag;
    }
    // A tag that came back without a reward has no value until the next one.
    if (tags_.unasked().empty()) return asked_.empty() ? std::nullopt : std::optional(asked_.any(random_));
    return tags_.unasked().any(random_);
  }

  void draw_values() {
    stale_ = false;
    const double mean = tags_.overall_mean();
    const double deviation = std::sqrt(tags_.overall_variance());
    unasked_value_ = mean + deviation * random_.normal();
    values_.clear();
    for (const TagId tag : asked_.tags()) {
      const double weight = tags_.count(tag) + 1;
      const double posterior = (mean + tags_.count(tag) * tags_.mean(tag)) / weight;
      values_.push_back({posterior + deviation / std::sqrt(weight) * random_.normal(), tag});
    }
    std::make_heap(values_.begin(), values_.end());
  }

  Random random_;
  AskedTags tags_;
  TagPool asked_;  // with rewards, and may be drawn from
  bool stale_ = true;
  double unasked_value_ = 0;
  std::vector<Value> values_;  // a heap
};

}  // namespace

std::unique_ptr<TagSelector> make_thompson_selector(uint64_t seed) {
  return std::make_unique<ThompsonSelector>(seed);
}

}  // namespace lookalike

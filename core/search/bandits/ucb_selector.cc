#include "core/search/bandits/ucb_selector.h"

#include <cmath>

#include "core/search/bandits/asked_tags.h"

namespace lookalike {
namespace {

constexpr double kAlpha = 1;

class UcbSelector final : public TagSelector {
 public:
  explicit UcbSelector(uint64_t seed) : random_(seed), bounds_(seed) {}

  void add_first_query(TagId tag) override { tags_.add_first_query(tag); }
  void add_fallback(TagId tag) override { tags_.add_fallback(tag); }

  std::optional<TagId> select() override {
    std::optional<TagId> tag = tags_.next_first_query();
    if (!tag) tag = best_or_unasked(bounds_, tags_.unasked(), tags_.overall_mean() + bonus(1), random_);
    if (!tag) tag = tags_.next_fallback();
    if (!tag) return std::nullopt;
    bounds_.remove(*tag);
    tags_.begin(*tag);
    return tag;
  }

  void observe(const DrawResult& draw) override {
    if (tags_.end(draw)) bounds_.set(draw.tag, tags_.mean(draw.tag) + bonus(tags_.count(draw.tag)));
  }

 private:
  static double bonus(int count) { return kAlpha / std::sqrt(static_cast<double>(count)); }

  Random random_;
  AskedTags tags_;
  TagRanking bounds_;  // of the tags with rewards that may be drawn from
};

}  // namespace

std::unique_ptr<TagSelector> make_ucb_selector(uint64_t seed) {
  return std::make_unique<UcbSelector>(seed);
}

}  // namespace lookalike

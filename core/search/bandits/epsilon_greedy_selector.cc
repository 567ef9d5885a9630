#include "core/search/bandits/epsilon_greedy_selector.h"

#include "core/search/bandits/asked_tags.h"

namespace lookalike {
namespace {

constexpr double kEpsilon = 0.01;

class EpsilonGreedySelector final : public TagSelector {
 public:
  explicit EpsilonGreedySelector(uint64_t seed) : random_(seed), means_(seed) {}

  void add_first_query(TagId tag) override { tags_.add_first_query(tag); }
  void add_fallback(TagId tag) override { tags_.add_fallback(tag); }

  std::optional<TagId> select() override {
    std::optional<TagId> tag = tags_.next_first_query();
    if (!tag) tag = random_.uniform() < kEpsilon ? any() : best();
    if (!tag) tag = tags_.next_fallback();
    if (!tag) return std::nullopt;
    means_.remove(*tag);
    asked_.remove(*tag);
    tags_.begin(*tag);
    return tag;
  }

  void observe(const DrawResult& draw) override {
    if (!tags_.end(draw)) return;
    means_.set(draw.tag, tags_.mean(draw.tag));
    asked_.add(draw.tag);
  }

 private:
  std::optional<TagId> any() {
    const size_t tags = asked_.size() + tags_.unasked().size();
    if (tags == 0) return std::nullopt;
    return random_.below(tags) < asked_.size() ? asked_.any(random_) : tags_.unasked().any(random_);
  }

  std::optional<TagId> best() { return best_or_unasked(means_, tags_.unasked(), tags_.overall_mean(), random_); }

  Random random_;
  AskedTags tags_;
  TagRanking means_;  // of the tags with rewards that may be drawn from
  TagPool asked_;     // the same tags
};

}  // namespace

std::unique_ptr<TagSelector> make_epsilon_greedy_selector(uint64_t seed) {
  return std::make_unique<EpsilonGreedySelector>(seed);
}

}  // namespace lookalike

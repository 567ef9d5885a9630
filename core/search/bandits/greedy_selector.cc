#include "core/search/bandits/greedy_selector.h"

#include <algorithm>
#include <vector>

#include "core/search/bandits/drawable_tags.h"
#include "core/search/bandits/tag_ranking.h"
#include "core/search/strategies/log_mean.h"

namespace lookalike {
namespace {

class GreedySelector final : public TagSelector {
 public:
  explicit GreedySelector(uint64_t seed) : ranking_(seed) {}

  void add_first_query(TagId tag) override { tags_.add_first_query(tag); }
  void add_fallback(TagId tag) override { tags_.add_fallback(tag); }

  std::optional<TagId> select() override {
    std::optional<TagId> tag = tags_.next_first_query();
    if (!tag && !ranking_.empty()) tag = ranking_.best();
    if (!tag) tag = tags_.next_fallback();
    if (!tag) return std::nullopt;
    ranking_.remove(*tag);
    tags_.begin(*tag);
    return tag;
  }

  void observe(const DrawResult& draw) override {
    if (draw.outcome == DrawResult::Outcome::scored) credit_all(draw);
    if (tags_.end(draw)) ranking_.set(draw.tag, mean(draw.tag).log_mean());
  }

 private:
  LogMean& mean(TagId tag) {
    if (tag >= means_.size()) means_.resize(tag + 1);
    return means_[tag];
  }

  // Each tag of the photo, and the drawn one if the photo does not have it.
  void credit_all(const DrawResult& draw) {
    for (const TagId tag : draw.photo_tags)
      credit(tag, draw.log_score);
    if (std::ranges::find(draw.photo_tags, draw.tag) == draw.photo_tags.end()) credit(draw.tag, draw.log_score);
  }

  void credit(TagId tag, double log_score) {
    mean(tag).add(log_score);
    tags_.learn(tag);
    if (tags_.may_draw(tag)) ranking_.set(tag, mean(tag).log_mean());
  }

  DrawableTags tags_;
  TagRanking ranking_;          // of those that may be drawn from, by their means
  std::vector<LogMean> means_;  // by TagId
};

}  // namespace

std::unique_ptr<TagSelector> make_greedy_selector(uint64_t seed) {
  return std::make_unique<GreedySelector>(seed);
}

}  // namespace lookalike

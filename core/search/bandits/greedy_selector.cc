#include "core/search/bandits/greedy_selector.h"

#include <deque>
#include <set>
#include <vector>

#include "core/base/random.h"
#include "core/search/strategies/log_mean.h"

namespace lookalike {
namespace {

class GreedySelector final : public TagSelector {
 public:
  explicit GreedySelector(uint64_t seed) : random_(seed) {}

  void add_first_query(TagId tag) override {
    if (arm(tag).state == State::fresh) first_queries_.push_back(tag);
  }

  void add_fallback(TagId tag) override { fallbacks_.push_back(tag); }

  std::optional<TagId> select() override {
    std::optional<TagId> tag = next_unscored(first_queries_);
    if (!tag && !ranking_.empty()) tag = ranking_.begin()->tag;
    if (!tag && under_way_ == 0) tag = next_unscored(fallbacks_);
    if (tag) begin_draw(*tag);
    return tag;
  }

  void observe(const DrawResult& draw) override {
    --under_way_;
    if (draw.outcome == DrawResult::Outcome::scored) credit_all(draw);
    end_draw(draw);
  }

 private:
  enum class State { fresh, ranked, under_way, used_up };

  struct Arm {
    State state = State::fresh;
    LogMean mean;
    uint64_t tie_break = 0;
  };

  struct RankedTag {
    double log_mean;
    uint64_t tie_break;
    TagId tag;
    bool operator<(const RankedTag& other) const {
      if (log_mean != other.log_mean) return log_mean > other.log_mean;
      return tie_break != other.tie_break ? tie_break < other.tie_break : tag < other.tag;
    }
  };

  Arm& arm(TagId tag) {
    while (tag >= arms_.size())
      arms_.push_back({.tie_break = random_.next()});
    return arms_[tag];
  }

  RankedTag ranked(TagId tag) { return {arm(tag).mean.log_mean(), arm(tag).tie_break, tag}; }

  // A tag that got a score in the meantime is drawn by its rank instead.
  std::optional<TagId> next_unscored(std::deque<TagId>& queue) {
    while (!queue.empty()) {
      const TagId tag = queue.front();
      queue.pop_front();
      if (arm(tag).state == State::fresh) return tag;
    }
    return std::nullopt;
  }

  void begin_draw(TagId tag) {
    if (arm(tag).state == State::ranked) ranking_.erase(ranked(tag));
    arm(tag).state = State::under_way;
    ++under_way_;
  }

  void end_draw(const DrawResult& draw) {
    Arm& drawn = arm(draw.tag);
    if (draw.outcome == DrawResult::Outcome::empty) {
      drawn.state = State::used_up;
    } else if (drawn.mean.count() > 0) {
      drawn.state = State::ranked;
      ranking_.insert(ranked(draw.tag));
    } else {  // failed before anything is known of it: once more, after the others
      drawn.state = State::fresh;
      first_queries_.push_back(draw.tag);
    }
  }

  void credit_all(const DrawResult& draw) {
    bool drawn_is_credited = false;
    for (const TagId tag : draw.photo_tags) {
      credit(tag, draw.log_score);
      drawn_is_credited = drawn_is_credited || tag == draw.tag;
    }
    if (!drawn_is_credited) credit(draw.tag, draw.log_score);
  }

  void credit(TagId tag, double log_score) {
    if (arm(tag).state == State::ranked) ranking_.erase(ranked(tag));
    if (arm(tag).state == State::fresh) arm(tag).state = State::ranked;
    arm(tag).mean.add(log_score);
    if (arm(tag).state == State::ranked) ranking_.insert(ranked(tag));
  }

  Random random_;
  std::vector<Arm> arms_;  // by TagId
  std::deque<TagId> first_queries_;
  std::deque<TagId> fallbacks_;
  std::set<RankedTag> ranking_;  // the arms whose state is ranked
  int under_way_ = 0;
};

}  // namespace

std::unique_ptr<TagSelector> make_greedy_selector(uint64_t seed) {
  return std::make_unique<GreedySelector>(seed);
}

}  // namespace lookalike

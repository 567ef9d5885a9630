#include "core/search/bandits/tiara_selector.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/random.h"
#include "core/search/bandits/drawable_tags.h"
#include "core/search/bandits/lin_ucb.h"
#include "core/search/bandits/tag_vectors.h"

namespace lookalike {
namespace {

constexpr double kLambda = 1;

enum class Credit { every_tag, asked_tag };

class TiaraSelector final : public TagSelector {
 public:
  TiaraSelector(const StrategySetup& setup, Credit credit, double alpha)
      : seed_(setup.seed),
        credit_(credit),
        alpha_(alpha),
        vectors_(*setup.tags, setup.words),
        model_(vectors_.dimensions(), kLambda) {}

  void add_first_query(TagId tag) override { draws_.add_first_query(tag); }
  void add_fallback(TagId tag) override { draws_.add_fallback(tag); }

  std::optional<TagId> select() override {
    std::optional<TagId> tag = draws_.next_first_query();
    if (!tag) tag = highest_bound();
    if (!tag) tag = draws_.next_fallback();
    if (tag) draws_.begin(*tag);
    return tag;
  }

  void observe(const DrawResult& draw) override {
    const bool again = draws_.end(draw);
    if (draw.outcome == DrawResult::Outcome::scored) learn(draw);
    if (again && !stale_) push({upper_bound(draw.tag), mixed(seed_ ^ draw.tag), draw.tag, false});
  }

 private:
  struct Candidate {
    double bound;
    uint64_t tie_break;
    TagId tag;
    bool sharp;  // its width is that of now
    bool operator<(const Candidate& other) const {
      if (bound != other.bound) return bound < other.bound;
      return tie_break != other.tie_break ? tie_break > other.tie_break : tag > other.tag;
    }
  };

  void learn(const DrawResult& draw) {
    std::vector<TagId> tags(draw.photo_tags.begin(), draw.photo_tags.end());
    if (std::find(tags.begin(), tags.end(), draw.tag) == tags.end()) tags.push_back(draw.tag);
    for (const TagId tag : tags) {
      vectors_.add(tag);
      if (tag >= is_known_.size()) is_known_.resize(tag + 1, false);
      if (!is_known_[tag]) known_.push_back(tag);
      is_known_[tag] = true;
      draws_.learn(tag);
    }
    vectors_.see(draw.embedding, tags);
    widths_.resize(std::max(widths_.size(), is_known_.size()), kUnknownWidth);
    for (const TagId tag : tags) {
      if (vectors_.visual()) widths_[tag] = kUnknownWidth;  // its vector is another now
      if (credit_ == Credit::every_tag || tag == draw.tag) model_.add(vectors_.at(tag), draw.log_score);
    }
    stale_ = true;
  }

  std::optional<TagId> highest_bound() {
    if (stale_) rank();
    while (!candidates_.empty()) {
      std::pop_heap(candidates_.begin(), candidates_.end());
      Candidate best = candidates_.back();
      candidates_.pop_back();
      if (!draws_.may_draw(best.tag)) continue;
      if (best.sharp) return best.tag;
      widths_[best.tag] = std::sqrt(model_.squared_width(vectors_.at(best.tag)));
      push({upper_bound(best.tag), best.tie_break, best.tag, true});
    }
    return std::nullopt;
  }

  void rank() {
    stale_ = false;
    candidates_.clear();
    for (const TagId tag : known_) {
      if (draws_.may_draw(tag)) candidates_.push_back({upper_bound(tag), mixed(seed_ ^ tag), tag, false});
    }
    std::make_heap(candidates_.begin(), candidates_.end());
  }

  // With the width as last computed, which may be too wide.
  double upper_bound(TagId tag) {
    if (widths_[tag] == kUnknownWidth) widths_[tag] = widest(vectors_.at(tag));
    return model_.value(vectors_.at(tag)) + alpha_ * widths_[tag];
  }

  // Before any observation.
  static double widest(std::span<const float> vector) {
    double squares = 0;
    for (const float value : vector)
      squares += static_cast<double>(value) * static_cast<double>(value);
    return std::sqrt(squares / kLambda);
  }

  void push(const Candidate& candidate) {
    candidates_.push_back(candidate);
    std::push_heap(candidates_.begin(), candidates_.end());
  }

  static constexpr double kUnknownWidth = -1;

  uint64_t seed_;
  Credit credit_;
  double alpha_;
  DrawableTags draws_;
  TagVectors vectors_;
  LinUcb model_;
  std::vector<TagId> known_;  // of scored photos or scored draws, in the order of becoming known
  std::vector<bool> is_known_;
  std::vector<double> widths_;         // by TagId: upper bounds of sqrt(x^T A^-1 x)
  std::vector<Candidate> candidates_;  // a heap
  bool stale_ = true;                  // something was learnt since the heap was made
};

}  // namespace

std::unique_ptr<TagSelector> make_tiara_selector(const StrategySetup& setup) {
  return std::make_unique<TiaraSelector>(setup, Credit::every_tag, 0.01);
}

std::unique_ptr<TagSelector> make_tiara_s_selector(const StrategySetup& setup) {
  return std::make_unique<TiaraSelector>(setup, Credit::asked_tag, 1.0);
}

}  // namespace lookalike

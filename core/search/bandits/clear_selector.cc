#include "core/search/bandits/clear_selector.h"

#include <algorithm>
#include <queue>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/random.h"
#include "core/search/strategies/log_mean.h"

namespace lookalike {
namespace {

constexpr int kTagsCredited = 10;
constexpr int kRankCredited = 10;
constexpr size_t kDrawsInRound = 10;

struct QueueEntry {
  double log_mean;
  uint64_t order;  // of entering the queue: the earliest of equals goes first
  TagId tag;
  int count;  // of the tag's scores when it entered; stale when the tag has more by now
};

struct WorseEntry {
  bool operator()(const QueueEntry& a, const QueueEntry& b) const {
    return a.log_mean != b.log_mean ? a.log_mean < b.log_mean : a.order > b.order;
  }
};

// The original's priority queue. Its search for the best entry never settles on the one at index 0 while another is
// left, so that one is held apart from the heap here.
class StickyQueue {
 public:
  bool empty() const { return !first_ && heap_.empty(); }
  void push(QueueEntry entry) {
    if (empty())
      first_ = entry;
    else
      heap_.push(entry);
  }
  // REQUIRES: !empty()
  QueueEntry pop() {
    if (heap_.empty()) {
      const QueueEntry entry = *first_;
      first_.reset();
      return entry;
    }
    const QueueEntry entry = heap_.top();
    heap_.pop();
    return entry;
  }

 private:
  std::optional<QueueEntry> first_;
  std::priority_queue<QueueEntry, std::vector<QueueEntry>, WorseEntry> heap_;
};

class ClearSelector final : public TagSelector {
 public:
  explicit ClearSelector(uint64_t seed) : random_(seed) {}

  void add_first_query(TagId tag) override { first_queries_.push_back(tag); }

  void add_fallback(TagId tag) override { know(tag); }

  std::optional<TagId> select() override {
    if (round_.empty()) start_round();
    if (next_in_round_ == round_.size()) return std::nullopt;  // the barrier, or the end
    ++under_way_;
    return round_[next_in_round_++];
  }

  void observe(const DrawResult& draw) override {
    --under_way_;
    if (draw.outcome == DrawResult::Outcome::scored && draw.rank <= kRankCredited) credit(draw);
    if (under_way_ == 0 && next_in_round_ == round_.size()) end_round();
  }

 private:
  void start_round() {
    next_in_round_ = 0;
    round_ = first_queries_.empty() ? next_tags() : std::move(first_queries_);
    first_queries_.clear();
  }

  void end_round() {
    round_.clear();
    next_in_round_ = 0;
  }

  std::vector<TagId> next_tags() {
    std::vector<TagId> tags;
    const auto chosen = [&tags](TagId tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); };
    while (tags.size() < kDrawsInRound && !queue_.empty()) {
      const QueueEntry entry = queue_.pop();
      if (entry.count == means_[entry.tag].count() && !chosen(entry.tag)) tags.push_back(entry.tag);
    }
    // The original draws at random until it has ten distinct tags, for ever when fewer than ten are known.
    const size_t wanted = std::min(kDrawsInRound, known_.size());
    while (tags.size() < wanted) {
      const TagId tag = known_[random_.below(known_.size())];
      if (!chosen(tag)) tags.push_back(tag);
    }
    return tags;
  }

  void credit(const DrawResult& draw) {
    std::vector<TagId> tags(draw.photo_tags.begin(), draw.photo_tags.end());
    const size_t credited = std::min<size_t>(kTagsCredited, tags.size());
    for (size_t i = 0; i < credited; ++i) {
      std::swap(tags[i], tags[i + random_.below(tags.size() - i)]);
      know(tags[i]);
      LogMean& mean = means_[tags[i]];
      mean.add(draw.log_score);
      queue_.push({mean.log_mean(), entered_++, tags[i], mean.count()});
    }
  }

  void know(TagId tag) {
    if (is_known_.insert(tag).second) known_.push_back(tag);
  }

  Random random_;
  std::vector<TagId> first_queries_;
  std::vector<TagId> round_;
  size_t next_in_round_ = 0;
  int under_way_ = 0;
  StickyQueue queue_;
  uint64_t entered_ = 0;
  std::unordered_map<TagId, LogMean> means_;
  std::vector<TagId> known_;  // what a random draw draws from
  std::unordered_set<TagId> is_known_;
};

}  // namespace

std::unique_ptr<TagSelector> make_clear_selector(uint64_t seed) {
  return std::make_unique<ClearSelector>(seed);
}

}  // namespace lookalike

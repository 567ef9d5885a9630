#include "core/search/bandits/classes_only_selector.h"

#include <deque>

namespace lookalike {
namespace {

class ClassesOnlySelector final : public TagSelector {
 public:
  void add_first_query(TagId tag) override { turns_.push_back(tag); }
  void add_fallback(TagId) override {}

  // A tag whose draw is under way is in no queue.
  std::optional<TagId> select() override {
    if (turns_.empty()) return std::nullopt;
    const TagId tag = turns_.front();
    turns_.pop_front();
    return tag;
  }

  void observe(const DrawResult& draw) override {
    if (draw.outcome != DrawResult::Outcome::empty) turns_.push_back(draw.tag);
  }

 private:
  std::deque<TagId> turns_;
};

}  // namespace

std::unique_ptr<TagSelector> make_classes_only_selector() {
  return std::make_unique<ClassesOnlySelector>();
}

}  // namespace lookalike

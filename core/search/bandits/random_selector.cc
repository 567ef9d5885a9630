#include "core/search/bandits/random_selector.h"

#include "core/base/random.h"
#include "core/search/bandits/drawable_tags.h"
#include "core/search/bandits/tag_pool.h"

namespace lookalike {
namespace {

class RandomSelector final : public TagSelector {
 public:
  explicit RandomSelector(uint64_t seed) : random_(seed) {}

  void add_first_query(TagId tag) override { learn(tag); }
  void add_fallback(TagId tag) override { draws_.add_fallback(tag); }

  std::optional<TagId> select() override {
    const std::optional<TagId> tag = pool_.empty() ? draws_.next_fallback() : pool_.any(random_);
    if (!tag) return std::nullopt;
    pool_.remove(*tag);
    draws_.begin(*tag);
    return tag;
  }

  void observe(const DrawResult& draw) override {
    if (draws_.end(draw)) pool_.add(draw.tag);
    for (const TagId tag : draw.photo_tags)
      learn(tag);
  }

 private:
  void learn(TagId tag) {
    if (draws_.learn(tag)) pool_.add(tag);
  }

  Random random_;
  DrawableTags draws_;
  TagPool pool_;  // those that may be drawn
};

}  // namespace

std::unique_ptr<TagSelector> make_random_selector(uint64_t seed) {
  return std::make_unique<RandomSelector>(seed);
}

}  // namespace lookalike

#include "core/search/bandits/tag_pool.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace lookalike {
namespace {

TEST(TagPool, HoldsWhatWasAddedAndNotRemoved) {
  Random random(2);
  TagPool pool;
  std::set<TagId> reference;
  for (int step = 0; step < 5000; ++step) {
    const auto tag = static_cast<TagId>(random.below(50));
    if (random.below(2) == 0) {
      pool.add(tag);
      reference.insert(tag);
    } else {
      pool.remove(tag);
      reference.erase(tag);
    }
    ASSERT_EQ(pool.size(), reference.size());
    ASSERT_EQ(pool.contains(tag), reference.contains(tag));
    ASSERT_EQ(std::set<TagId>(pool.tags().begin(), pool.tags().end()), reference);
  }
}

TEST(TagPool, DrawsEvenly) {
  Random random(3);
  TagPool pool;
  for (const TagId tag : {4u, 9u, 11u})
    pool.add(tag);
  std::map<TagId, int> drawn;
  for (int i = 0; i < 30'000; ++i)
    ++drawn[pool.any(random)];
  ASSERT_EQ(drawn.size(), 3u);
  for (const auto& [tag, times] : drawn)
    EXPECT_NEAR(times, 10'000, 400) << tag;
}

}  // namespace
}  // namespace lookalike

#include "core/cache/memory_cache.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace lookalike {
namespace {

using namespace std::chrono_literals;

class MemoryCacheTest : public testing::Test {
 protected:
  test::FakeClock clock_;
  MemoryCache cache_{100, clock_};
};

TEST_F(MemoryCacheTest, GivesBackWhatWasPut) {
  EXPECT_EQ(cache_.get("a"), std::nullopt);
  cache_.put({{"a", CacheKind::answer, "one"}, {"b", CacheKind::embedding, ""}});
  EXPECT_EQ(cache_.get("a"), "one");
  EXPECT_EQ(cache_.get("b"), "");
  cache_.put({{"a", CacheKind::answer, "two"}});
  EXPECT_EQ(cache_.get("a"), "two");
}

TEST_F(MemoryCacheTest, ForgetsAfterADay) {
  cache_.put({{"a", CacheKind::answer, "one"}});
  clock_.advance(24h - 1s);
  EXPECT_EQ(cache_.get("a"), "one");
  clock_.advance(1s);
  EXPECT_EQ(cache_.get("a"), std::nullopt);
}

TEST_F(MemoryCacheTest, WhatWasUsedLongestAgoGoesFirst) {
  for (const char* key : {"a", "b", "c"})
    cache_.put({{key, CacheKind::answer, std::string(29, '.')}});
  EXPECT_TRUE(cache_.get("a"));
  cache_.put({{"d", CacheKind::answer, std::string(29, '.')}});
  EXPECT_TRUE(cache_.get("a"));
  EXPECT_FALSE(cache_.get("b"));
  EXPECT_TRUE(cache_.get("c"));
  EXPECT_TRUE(cache_.get("d"));
}

TEST_F(MemoryCacheTest, WhatIsLargerThanAllOfItIsNotKept) {
  cache_.put({{"a", CacheKind::answer, "one"}});
  cache_.put({{"b", CacheKind::answer, std::string(100, '.')}});
  EXPECT_TRUE(cache_.get("a"));
  EXPECT_FALSE(cache_.get("b"));
}

}  // namespace
}  // namespace lookalike

#include "core/cache/cache_store.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(CacheKey, IsADigest) {
  EXPECT_EQ(cache_key({"a", "b"}).size(), 64u);
  EXPECT_EQ(cache_key({"a", "b"}), cache_key({"a", "b"}));
}

TEST(CacheKey, PartsDoNotRunIntoEachOther) {
  EXPECT_NE(cache_key({"ab", "c"}), cache_key({"a", "bc"}));
  EXPECT_NE(cache_key({"a", ""}), cache_key({"a"}));
  EXPECT_NE(cache_key({"1:a"}), cache_key({"a"}));
  EXPECT_EQ(joined_parts({"page", "two words"}), "4:page9:two words");
}

}  // namespace
}  // namespace lookalike

#include "core/search/strategies/tag_table.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(TagTable, SpellingsOfOneTagShareANumber) {
  TagTable tags;
  const auto cat = tags.intern("Tabby  Cat");
  ASSERT_TRUE(cat);
  EXPECT_EQ(tags.intern("tabby cat"), cat);
  EXPECT_NE(tags.intern("tabby"), cat);
  EXPECT_EQ(tags.text(*cat), "Tabby Cat");
  EXPECT_EQ(tags.size(), 2u);
}

TEST(TagTable, NothingIsNoTag) {
  TagTable tags;
  EXPECT_EQ(tags.intern(""), std::nullopt);
  EXPECT_EQ(tags.intern(" \n\x01 "), std::nullopt);
  EXPECT_EQ(tags.size(), 0u);
}

}  // namespace
}  // namespace lookalike

#include "providers/common/clip_text.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(ClipText, KeepsShortText) {
  EXPECT_EQ(clip_text("cat", 3), "cat");
  EXPECT_EQ(clip_text("", 3), "");
}

TEST(ClipText, CutsBetweenCharacters) {
  EXPECT_EQ(clip_text("äöü", 2), "äö");
  EXPECT_EQ(clip_text("a日本", 2), "a日");
  EXPECT_EQ(clip_text("abc", 0), "");
}

}  // namespace
}  // namespace lookalike

#include "providers/common/query_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(QueryText, KeepsTheWordsOfEveryScript) {
  EXPECT_THAT(query_words("tabby, tabby cat"), ElementsAre("tabby", "tabby", "cat"));
  EXPECT_THAT(query_words("  café\t日本語  кот "), ElementsAre("café", "日本語", "кот"));
  EXPECT_THAT(query_words("well-known o'hara d.c b&w snake_case"),
              ElementsAre("well-known", "o'hara", "d.c", "b&w", "snake_case"));
}

TEST(QueryText, TakesAwayWhatAnEngineWouldObey) {
  EXPECT_THAT(query_words("-cat +dog \"a b\" c* (d|e) f~2 !g intitle:h a/b.c\\d"),
              ElementsAre("cat", "dog", "a", "b", "c", "d", "e", "f", "2", "g", "intitle", "h", "a", "b.c", "d"));
  EXPECT_THAT(query_words("--cat- 'dog' _x_ -é"), ElementsAre("cat", "dog", "x", "é"));
  EXPECT_THAT(query_words("\x1B\u202E--"), IsEmpty());
}

TEST(QueryText, CutsBetweenWords) {
  EXPECT_EQ(*query_text("one two three", 8), "one two");
  EXPECT_EQ(*query_text("one two", 100, "+"), "one+two");
  EXPECT_EQ(*query_text("日本語", 2), "日本");
  EXPECT_EQ(query_text(std::string(100'000, 'x'), 100)->size(), 100u);
}

TEST(QueryText, NothingLeftIsAUsageError) {
  for (const char* text : {"", " ", "---", "\"*\"", "\x1B"}) {
    const auto query = query_text(text, 100);
    ASSERT_FALSE(query.ok()) << text;
    EXPECT_EQ(query.error().code, ErrorCode::usage);
  }
}

}  // namespace
}  // namespace lookalike

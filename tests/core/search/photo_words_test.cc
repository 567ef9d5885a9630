#include "core/search/photo_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;

TEST(PhotoWords, AreDistinctAndNotExcluded) {
  TagTable table;
  const TagId dog = *table.intern("dog");
  const TagId mine = *table.intern("mine");
  const Photo photo{.title = "A dog on the beach, the beach of mine", .tags = {"dog", "sea", "dog", "mine", ""}};
  const auto tags = tags_of(photo, table, {mine});
  const TagId sea = *table.intern("sea");
  EXPECT_THAT(tags, ElementsAre(dog, sea));
  const auto words = title_words_of(photo, tags, table, {mine});
  EXPECT_THAT(words, testing::Contains(*table.intern("beach")).Times(1));
  EXPECT_THAT(words, testing::Not(testing::Contains(dog)));
  EXPECT_THAT(words, testing::Not(testing::Contains(mine)));
}

}  // namespace
}  // namespace lookalike

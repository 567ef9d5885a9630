#include "core/search/session/photo_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;

TEST(PhotoWords, AreDistinctAndNotExcluded) {
  TagTable table;
  const TagId dog = *table.intern("dog");
  const TagId mine = *table.intern("mine");
  const WordFilter filter{.excluded = {mine}, .ignores = {}};
  const Photo photo{.title = "A dog on the beach, the beach of mine", .tags = {"dog", "sea", "dog", "mine", ""}};
  const auto tags = tags_of(photo, table, filter);
  const TagId sea = *table.intern("sea");
  EXPECT_THAT(tags, ElementsAre(dog, sea));
  const auto words = title_words_of(photo, tags, table, filter);
  EXPECT_THAT(words, testing::Contains(*table.intern("beach")).Times(1));
  EXPECT_THAT(words, testing::Not(testing::Contains(dog)));
  EXPECT_THAT(words, testing::Not(testing::Contains(mine)));
}

TEST(PhotoWords, WhatIsIgnoredIsNoWord) {
  TagTable table;
  const WordFilter filter{.excluded = {}, .ignores = [](std::string_view text) { return text == "canon"; }};
  const Photo photo{.title = "canon cat", .tags = {"canon", "pet"}};
  const auto tags = tags_of(photo, table, filter);
  EXPECT_THAT(tags, ElementsAre(*table.intern("pet")));
  EXPECT_THAT(title_words_of(photo, tags, table, filter), ElementsAre(*table.intern("cat")));
}

}  // namespace
}  // namespace lookalike

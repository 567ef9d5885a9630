#include "core/search/session/found_photos.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

FoundPhoto found(double order, size_t known_as) {
  return {
      .photo = {.id = std::to_string(known_as)}, .score = {.order = order}, .embedding = {1.0f}, .known_as = known_as};
}

TEST(FoundPhotos, KeepsTheBestFirstAndTellsTheRank) {
  FoundPhotos photos(10);
  EXPECT_EQ(photos.best(), nullptr);
  EXPECT_EQ(photos.insert(found(1, 0)), 1);
  EXPECT_EQ(photos.insert(found(3, 1)), 1);
  EXPECT_EQ(photos.insert(found(2, 2)), 2);
  EXPECT_EQ(photos.best()->photo.id, "1");
  EXPECT_EQ(photos.photos().back().photo.id, "0");
}

TEST(FoundPhotos, OfEqualsTheOneThatWasKnownFirstIsBetter) {
  FoundPhotos photos(10);
  EXPECT_EQ(photos.insert(found(1, 5)), 1);
  EXPECT_EQ(photos.insert(found(1, 3)), 1);
  EXPECT_EQ(photos.insert(found(1, 9)), 3);
}

TEST(FoundPhotos, OnlyTheBestKeepTheirEmbeddings) {
  FoundPhotos photos(2);
  for (size_t i = 0; i < 5; ++i)
    photos.insert(found(static_cast<double>(i % 3), i));
  for (size_t place = 0; place < 5; ++place)
    EXPECT_EQ(photos.photos()[place].embedding.empty(), place >= 2) << place;
}

}  // namespace
}  // namespace lookalike

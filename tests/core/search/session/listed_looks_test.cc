#include "core/search/session/listed_looks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace lookalike {
namespace {

class ListedLooksTest : public testing::Test {
 protected:
  void make(size_t photos, ListedPhotos listed) {
    std::vector<Photo> made;
    for (size_t i = 0; i < photos; ++i)
      made.push_back({.provider = "folder", .id = std::to_string(i)});
    book_.add(std::move(made), 0, 0);
    looks_.emplace(listed, photos);
  }
  std::optional<PhotoNumber> due() { return seen(looks_->due(book_)); }
  std::optional<PhotoNumber> spare(bool is_over) { return seen(looks_->spare(book_, is_over)); }

  std::optional<PhotoNumber> seen(std::optional<PhotoNumber> photo) {
    if (photo) book_[*photo].seen = true;
    return photo;
  }

  KnownPhotos book_;
  std::optional<ListedLooks> looks_;
};

TEST_F(ListedLooksTest, CopiesComeFirstThenTheShareThenTheRestWhenTheStrategyIsThrough) {
  make(6, {.first = 1, .shared = 2, .share = 0.5});
  EXPECT_EQ(due(), 0u);
  std::string order;
  for (int i = 0; i < 6; ++i) {
    if (const auto photo = due()) {
      order += std::to_string(*photo);
    } else {
      looks_->on_other_look();
      order += "s";
    }
  }
  EXPECT_EQ(order, "1s2sss");
  EXPECT_EQ(spare(false), std::nullopt);
  EXPECT_EQ(spare(true), 3u);
  EXPECT_EQ(spare(true), 4u);
  EXPECT_FALSE(looks_->all_begun(book_));
  EXPECT_EQ(spare(true), 5u);
  EXPECT_TRUE(looks_->all_begun(book_));
  EXPECT_EQ(spare(true), std::nullopt);
}

TEST_F(ListedLooksTest, TheShareIsThatOfTheLooks) {
  make(100, {.shared = 100, .share = 0.25});
  int own = 0;
  for (int i = 0; i < 200; ++i) {
    if (due())
      ++own;
    else
      looks_->on_other_look();
    EXPECT_NEAR(own, 0.25 * (i + 1), 1);
  }
}

TEST_F(ListedLooksTest, ReservedLooksAreKeptBackAndFillWhatTheStrategyLeaves) {
  make(3, {.reserved = true});
  EXPECT_EQ(due(), std::nullopt);
  EXPECT_EQ(looks_->kept_back(), 3);
  EXPECT_EQ(spare(false), 0u);
  EXPECT_EQ(looks_->kept_back(), 2);
}

TEST_F(ListedLooksTest, APhotoThatTheStrategyTookIsPassedOver) {
  make(4, {.first = 2});
  book_[0].seen = true;
  EXPECT_EQ(due(), 1u);
  book_[2].seen = true;
  EXPECT_EQ(spare(true), 3u);
  EXPECT_EQ(spare(true), std::nullopt);
}

TEST_F(ListedLooksTest, NothingIsListed) {
  make(0, {.first = 3, .shared = 2, .share = 1, .reserved = true});
  EXPECT_EQ(due(), std::nullopt);
  EXPECT_EQ(spare(true), std::nullopt);
  EXPECT_EQ(looks_->kept_back(), 0);
}

}  // namespace
}  // namespace lookalike

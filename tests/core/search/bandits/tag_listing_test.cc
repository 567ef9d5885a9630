#include "core/search/bandits/tag_listing.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

class TagListingTest : public testing::Test {
 protected:
  TagListingTest() {
    const auto numbers = book_.add({{.id = "a"}, {.id = "b"}, {.id = "c"}}, 0, 0);
    listing_.add_page(numbers, true, true, 5);
  }

  KnownPhotos book_;
  TagListing listing_;
  bool repeated_ = false;
};

TEST_F(TagListingTest, GivesPhotosInOrderAndPassesOverThoseSeen) {
  book_[0].seen = true;
  EXPECT_EQ(listing_.next_unseen(book_, true, repeated_), 1u);
  book_[2].seen = true;
  EXPECT_FALSE(listing_.next_unseen(book_, true, repeated_));
  EXPECT_FALSE(repeated_);
}

TEST_F(TagListingTest, OrSaysThatItMetOneAgain) {
  book_[1].seen = true;
  EXPECT_EQ(listing_.next_unseen(book_, false, repeated_), 0u);
  EXPECT_FALSE(listing_.next_unseen(book_, false, repeated_));
  EXPECT_TRUE(repeated_);
  repeated_ = false;
  EXPECT_EQ(listing_.next_unseen(book_, false, repeated_), 2u) << "it goes on behind it";
  EXPECT_FALSE(repeated_);
}

TEST_F(TagListingTest, IsAskedWhileThereIsMore) {
  EXPECT_TRUE(listing_.may_ask(true));
  EXPECT_FALSE(listing_.may_ask(false)) << "the strategy takes one page";
  EXPECT_TRUE(TagListing().may_ask(false)) << "but that one it takes";
  listing_.failures = kFailuresPerTag;
  EXPECT_FALSE(listing_.may_ask(true));
}

TEST_F(TagListingTest, APageWithoutNewPhotosIsTheLast) {
  const std::vector<PhotoNumber> again = {0, 1};
  listing_.add_page(again, false, true, 9);
  EXPECT_FALSE(listing_.may_ask(true));
  EXPECT_EQ(listing_.pages, 2);
  EXPECT_EQ(listing_.last_answer, 9u);
  EXPECT_EQ(listing_.photos, (std::vector<PhotoNumber>{0, 1, 2, 0, 1}));
}

}  // namespace
}  // namespace lookalike

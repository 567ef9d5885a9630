#include "core/search/session/known_photos.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;

Photo photo(const std::string& provider, const std::string& id, const std::string& page = "") {
  return {.provider = provider, .id = id, .page_url = page};
}

TEST(KnownPhotos, NumbersPhotosAsTheyComeEachOnce) {
  KnownPhotos book;
  EXPECT_THAT(book.add({photo("flickr", "a"), photo("flickr", "b"), photo("flickr", "a")}, 3, 0), ElementsAre(0, 1, 0));
  EXPECT_THAT(book.add({photo("flickr", "c"), photo("flickr", "b")}, 4, 1), ElementsAre(2, 1));
  EXPECT_EQ(book.size(), 3u);
  EXPECT_EQ(book[1].listed_by, 3u) << "the first that brought it";
  EXPECT_EQ(book[1].brought_by, 0u);
  EXPECT_EQ(book[2].listed_by, 4u);
  EXPECT_EQ(book[2].brought_by, 1u);
  EXPECT_FALSE(book[2].seen);
}

TEST(KnownPhotos, TheSameIdOfAnotherSourceIsAnotherPhoto) {
  KnownPhotos book;
  EXPECT_THAT(book.add({photo("flickr", "a"), photo("commons", "a")}, 0, 0), ElementsAre(0, 1));
}

TEST(KnownPhotos, APageThatAnotherSourceListsIsTheSamePhoto) {
  KnownPhotos book;
  const std::string page = "https://www.flickr.com/photos/jane/2718";
  EXPECT_THAT(book.add({photo("flickr", "2718", page)}, 0, 0), ElementsAre(0));
  EXPECT_THAT(book.add({photo("openverse", "x", page + "/")}, 1, 1), ElementsAre(0));
  EXPECT_THAT(book.add({photo("flickr", "y", page)}, 1, 1), ElementsAre(1)) << "within a source the id counts";
}

TEST(KnownPhotos, ReferencesStayGoodAsItGrows) {
  KnownPhotos book;
  (void)book.add({photo("flickr", "first")}, 0, 0);
  const Photo* const first = &book[0].photo;
  for (int i = 0; i < 10'000; ++i)
    (void)book.add({photo("flickr", std::to_string(i))}, 0, 0);
  EXPECT_EQ(&book[0].photo, first);
  EXPECT_EQ(first->id, "first");
}

}  // namespace
}  // namespace lookalike

#include "core/base/photo.h"

#include <gtest/gtest.h>

#include <string>

namespace lookalike {
namespace {

std::string key_of(const std::string& page) {
  return page_key({.page_url = page});
}

TEST(PhotoIdentity, AnIdIsUniqueWithinItsSource) {
  EXPECT_EQ(photo_key({.provider = "flickr", .id = "1"}), photo_key({.provider = "flickr", .id = "1", .title = "x"}));
  EXPECT_NE(photo_key({.provider = "flickr", .id = "1"}), photo_key({.provider = "openverse", .id = "1"}));
}

TEST(PhotoIdentity, APageIsTheSameHoweverItIsWritten) {
  const std::string key = key_of("https://example.org/photo/A");
  EXPECT_EQ(key_of("http://www.EXAMPLE.org/photo/A/?from=search#top"), key);
  EXPECT_NE(key_of("https://example.org/photo/a"), key);
  EXPECT_NE(key_of("https://example.net/photo/A"), key);
}

TEST(PhotoIdentity, OfFlickrsPagesTheNumberCounts) {
  const std::string key = key_of("https://www.flickr.com/photos/12345678@N00/2718");
  EXPECT_EQ(key_of("https://www.flickr.com/photos/jane/2718/"), key);
  EXPECT_EQ(key_of("https://flickr.com/photos/jane/2718/in/album-1"), key);
  EXPECT_NE(key_of("https://www.flickr.com/photos/jane/2719"), key);
  EXPECT_NE(key_of("https://www.flickr.com/photos/jane/albums/2718"), key);
  EXPECT_EQ(key_of("https://www.flickr.com/photos/jane"), "flickr.com/photos/jane");
}

TEST(PhotoIdentity, WithoutAPageThereIsNoKey) {
  EXPECT_EQ(key_of(""), "");
  EXPECT_EQ(key_of("https://"), "");
  EXPECT_EQ(key_of("file:///a/B.jpg"), "file:///a/B.jpg");
}

}  // namespace
}  // namespace lookalike

#include "core/cache/cached_records.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/base/random.h"

namespace lookalike {
namespace {

Photo full_photo() {
  return {.provider = "flickr",
          .id = "7",
          .page_url = "https://www.flickr.com/photos/1@N00/7",
          .image_url = "https://live.staticflickr.com/7_n.jpg",
          .local_path = "/etc/passwd",
          .title = "A \"cat\"\n\xF0\x9F\x90\x88",
          .owner = "Ada",
          .owner_url = "https://www.flickr.com/people/1@N00",
          .license = {"4", "CC BY 2.0", "https://creativecommons.org/licenses/by/2.0/"},
          .attribution = "\"A cat\" by Ada",
          .tags = {"cat", "", "black cat"}};
}

TEST(CachedPage, ComesBackAsItWas) {
  const PhotoPage page{.photos = {full_photo(), full_photo()}, .has_more = true};
  const auto read = parse_cached_page(write_cached_page(page));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_TRUE(read->has_more);
  ASSERT_EQ(read->photos.size(), 2u);
  const Photo& photo = read->photos[1];
  const Photo expected = full_photo();
  EXPECT_EQ(photo.provider, expected.provider);
  EXPECT_EQ(photo.id, expected.id);
  EXPECT_EQ(photo.page_url, expected.page_url);
  EXPECT_EQ(photo.image_url, expected.image_url);
  EXPECT_EQ(photo.title, expected.title);
  EXPECT_EQ(photo.owner, expected.owner);
  EXPECT_EQ(photo.owner_url, expected.owner_url);
  EXPECT_EQ(photo.license.id, expected.license.id);
  EXPECT_EQ(photo.license.name, expected.license.name);
  EXPECT_EQ(photo.license.url, expected.license.url);
  EXPECT_EQ(photo.attribution, expected.attribution);
  EXPECT_EQ(photo.tags, expected.tags);
}

TEST(CachedPage, NeverNamesAFile) {
  const std::string bytes = write_cached_page({.photos = {full_photo()}});
  EXPECT_EQ(bytes.find("passwd"), std::string::npos);
  EXPECT_EQ(parse_cached_page(bytes)->photos[0].local_path, "");
  Photo photo = full_photo();
  photo.image_url = "file:///etc/passwd";
  EXPECT_FALSE(parse_cached_page(write_cached_page({.photos = {photo}})).ok());
}

TEST(CachedPage, TagsComeBackAsValidText) {
  Photo photo = full_photo();
  photo.tags = {"a\xFFz"};
  const auto read = parse_cached_page(write_cached_page({.photos = {photo}}));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->photos[0].tags, std::vector<std::string>{"a\uFFFDz"});
}

TEST(CachedPage, AnEmptyPageIsAPage) {
  const auto read = parse_cached_page(write_cached_page({}));
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->photos.empty());
  EXPECT_FALSE(read->has_more);
}

TEST(CachedPage, WhatIsNoPageIsBadData) {
  const std::string good = write_cached_page({.photos = {full_photo()}});
  for (const std::string& bytes :
       {std::string(), std::string("{}"), std::string("[]"), good.substr(0, good.size() / 2), std::string("null"),
        std::string(R"({"format":"page/2","has_more":true,"photos":[]})"),
        std::string(R"({"format":"page/1","has_more":1,"photos":[]})"),
        std::string(R"({"format":"page/1","has_more":true,"photos":{}})"),
        std::string(R"({"format":"page/1","has_more":true,"photos":[7]})")}) {
    const auto read = parse_cached_page(bytes);
    ASSERT_FALSE(read.ok()) << bytes;
    EXPECT_EQ(read.error().code, ErrorCode::bad_data);
  }
}

TEST(CachedPage, SurvivesEveryFlippedByte) {
  const std::string good = write_cached_page({.photos = {full_photo()}, .has_more = true});
  Random random(1);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = good;
    for (uint64_t flips = 1 + random.below(4); flips > 0; --flips)
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    (void)parse_cached_page(bytes);
  }
}

TEST(CachedEmbedding, ComesBackExactly) {
  const Embedding embedding{0.0f, -1.5f, 3.4e38f, std::numeric_limits<float>::denorm_min()};
  EXPECT_EQ(*parse_cached_embedding(write_cached_embedding(embedding)), embedding);
}

TEST(CachedEmbedding, WhatIsNoEmbeddingIsBadData) {
  const std::string good = write_cached_embedding({1, 2, 3});
  for (const std::string& bytes :
       {std::string(), std::string("lkE1"), good.substr(0, good.size() - 1), "x" + good.substr(1), good + "y",
        write_cached_embedding({std::numeric_limits<float>::quiet_NaN()}),
        write_cached_embedding({std::numeric_limits<float>::infinity()})}) {
    EXPECT_FALSE(parse_cached_embedding(bytes).ok()) << bytes.size();
  }
}

}  // namespace
}  // namespace lookalike

#include "providers/folder/folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/base/text/digest.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::unique_ptr<FolderProvider> opened(const std::filesystem::path& folder) {
  auto provider = FolderProvider::create(folder, {});
  EXPECT_TRUE(provider.ok()) << (provider.ok() ? "" : provider.error().message);
  return provider.ok() ? *std::move(provider) : nullptr;
}

PhotoAnswer ask(FolderProvider& provider, const PhotoQuery& query) {
  std::vector<PhotoAnswer> answers;
  provider.search(query, [&](PhotoAnswer answer) { answers.push_back(std::move(answer)); });
  EXPECT_THAT(answers, SizeIs(1)) << "answered exactly once, before search() returned";
  return answers.at(0);
}

PhotoPage page_of(FolderProvider& provider, const PhotoQuery& query) {
  PhotoAnswer answer = ask(provider, query);
  EXPECT_TRUE(answer.page.ok());
  return answer.page.ok() ? *std::move(answer.page) : PhotoPage{};
}

std::vector<std::string> ids(FolderProvider& provider, const std::string& text) {
  PhotoQuery query;
  query.text = text;
  std::vector<std::string> found;
  for (const Photo& photo : page_of(provider, query).photos)
    found.push_back(photo.id);
  return found;
}

TEST(Folder, DescribesAPhotoAsAServiceWould) {
  const TemporaryFolder folder;
  folder.write("my pics/1 cat.jpg");
  folder.write(
      "m.jsonl",
      R"({"id":"77","file":"my pics/1 cat.jpg","title":"Cat","tags":["cat","sofa"],"owner":"Ann","license":"4"})");
  const auto provider = opened(folder.path());
  PhotoQuery query;
  query.text = "cats";
  const PhotoAnswer answer = ask(*provider, query);
  ASSERT_TRUE(answer.page.ok());
  ASSERT_THAT(answer.page->photos, SizeIs(1));
  const Photo& photo = answer.page->photos[0];
  EXPECT_EQ(provider->name(), "folder");
  EXPECT_EQ(photo.provider, "folder");
  EXPECT_EQ(photo.id, "77");
  EXPECT_EQ(photo.local_path, (folder.path() / "my pics/1 cat.jpg").string());
  EXPECT_EQ(photo.page_url, "file://" + folder.path().string() + "/my%20pics/1%20cat.jpg");
  EXPECT_EQ(photo.image_url, photo.page_url);
  EXPECT_EQ(photo.title, "Cat");
  EXPECT_EQ(photo.owner, "Ann");
  EXPECT_EQ(photo.license.name, "CC BY 2.0");
  EXPECT_EQ(photo.attribution, "\"Cat\" by Ann, CC BY 2.0");
  EXPECT_THAT(photo.tags, ElementsAre("cat", "sofa"));
  EXPECT_EQ(answer.cost.requests, 1);
  EXPECT_FALSE(answer.cost.cached);
}

TEST(Folder, PhotosWithEveryWordComeFirst) {
  const TemporaryFolder folder;
  folder.write("cat/a.jpg");
  folder.write("cat/tabby/b.jpg");
  folder.write("tabby/c.jpg");
  folder.write("dog/d.jpg");
  const auto provider = opened(folder.path());
  const auto found = ids(*provider, "tabby tabby cat");
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0], "cat/tabby/b.jpg");
  EXPECT_THAT(ids(*provider, "-dog"), ElementsAre("dog/d.jpg"));
}

TEST(Folder, AnUnknownWordIsAnEmptyPageNotAnError) {
  const TemporaryFolder folder;
  folder.write("cat.jpg");
  const auto provider = opened(folder.path());
  for (const char* text : {"zebra", "", "!!!", "\xFF\xFE"})
    EXPECT_THAT(ids(*provider, text), IsEmpty()) << text;
}

TEST(Folder, PagesNeitherRepeatNorMiss) {
  const TemporaryFolder folder;
  for (int i = 0; i < 25; ++i)
    folder.write("cat/n" + std::to_string(i) + ".jpg");
  const auto provider = opened(folder.path());
  PhotoQuery query;
  query.text = "cat";
  query.per_page = 10;
  std::set<std::string> seen;
  for (query.page = 1; query.page <= 3; ++query.page) {
    const PhotoPage page = page_of(*provider, query);
    EXPECT_THAT(page.photos, SizeIs(query.page < 3 ? 10 : 5));
    EXPECT_EQ(page.has_more, query.page < 3);
    for (const Photo& photo : page.photos)
      EXPECT_TRUE(seen.insert(photo.id).second);
  }
  EXPECT_THAT(seen, SizeIs(25));
  EXPECT_THAT(page_of(*provider, query).photos, IsEmpty()) << "page 4";
}

TEST(Folder, OddPagesAreClamped) {
  const TemporaryFolder folder;
  folder.write("cat.jpg");
  const auto provider = opened(folder.path());
  PhotoQuery query;
  query.text = "cat";
  for (const auto& [page, per_page] : {std::pair{0, 0}, {-5, -5}, {1, 2147483647}}) {
    query.page = page;
    query.per_page = per_page;
    EXPECT_THAT(page_of(*provider, query).photos, SizeIs(1));
  }
  query.page = 2147483647;
  EXPECT_THAT(page_of(*provider, query).photos, IsEmpty());
}

TEST(Folder, HonoursUploadDatesWhereTheyAreKnown) {
  const TemporaryFolder folder;
  for (const char* name : {"cat1.jpg", "cat2.jpg", "cat3.jpg"})
    folder.write(name);
  folder.write("m.jsonl",
               "{\"file\":\"cat1.jpg\",\"id\":\"old\",\"dateupload\":100,\"tags\":[\"cat\"]}\n"
               "{\"file\":\"cat2.jpg\",\"id\":\"new\",\"dateupload\":200,\"tags\":[\"cat\"]}\n");
  const auto provider = opened(folder.path());
  PhotoQuery query;
  query.text = "cat";
  query.uploaded_before = std::chrono::system_clock::time_point(std::chrono::seconds(150));
  std::vector<std::string> found;
  for (const Photo& photo : page_of(*provider, query).photos)
    found.push_back(photo.id);
  EXPECT_THAT(found, ElementsAre("old", "cat3.jpg"));
}

TEST(Folder, NamesOfAnyBytesCanBeOpened) {
  const TemporaryFolder folder;
  folder.write("cat \xFF#?%.jpg", "bytes");
  const auto provider = opened(folder.path());
  PhotoQuery query;
  query.text = "cat";
  const PhotoPage page = page_of(*provider, query);
  ASSERT_THAT(page.photos, SizeIs(1));
  EXPECT_TRUE(std::filesystem::exists(page.photos[0].local_path));
  EXPECT_THAT(page.photos[0].page_url, testing::EndsWith("/cat%20%FF%23%3F%25.jpg"));
}

TEST(Folder, ARelativeFolderGivesAbsolutePaths) {
  const TemporaryFolder folder;
  folder.write("cat.jpg");
  const auto provider = opened(std::filesystem::relative(folder.path()));
  PhotoQuery query;
  query.text = "cat";
  const PhotoPage page = page_of(*provider, query);
  ASSERT_THAT(page.photos, SizeIs(1));
  EXPECT_TRUE(std::filesystem::path(page.photos[0].local_path).is_absolute());
}

TEST(Folder, ASearchNeedsARequestLeft) {
  const TemporaryFolder folder;
  folder.write("cat.jpg");
  const auto provider = opened(folder.path());
  PhotoQuery query;
  query.text = "cat";
  query.max_requests = 0;
  const PhotoAnswer answer = ask(*provider, query);
  ASSERT_FALSE(answer.page.ok());
  EXPECT_EQ(answer.page.error().code, ErrorCode::quota);
  EXPECT_EQ(answer.cost.requests, 0);
}

TEST(Folder, SearchesRealPhotosOfFlickr) {
  const char* const shared = std::getenv("LOOKALIKE_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "LOOKALIKE_SHARED is not set: no photo collection to search";
  const std::filesystem::path photos = std::filesystem::path(shared) / "photos/flickr8k";
  if (!std::filesystem::exists(photos)) GTEST_SKIP() << photos << " is missing";
  const auto provider = opened(photos);
  EXPECT_GT(provider->collection().photos.size(), 4000u);
  PhotoQuery query;
  query.text = "two dogs";
  const PhotoPage page = page_of(*provider, query);
  ASSERT_THAT(page.photos, SizeIs(30));
  EXPECT_TRUE(page.has_more);
  for (const Photo& photo : page.photos)
    EXPECT_TRUE(std::filesystem::exists(photo.local_path));
}

TEST(Folder, SearchesTuxpaintsStamps) {
  const std::filesystem::path stamps = "/usr/share/tuxpaint/stamps";
  if (!std::filesystem::exists(stamps)) GTEST_SKIP() << "the Debian package tuxpaint-stamps-default is missing";
  const auto provider = opened(stamps);
  for (const FolderPhoto& photo : provider->collection().photos)
    EXPECT_THAT(photo.tags, testing::Not(IsEmpty())) << photo.path;
  PhotoQuery query;
  query.text = "sports car";
  const PhotoPage page = page_of(*provider, query);
  ASSERT_FALSE(page.photos.empty());
  EXPECT_EQ(page.photos[0].title, "A sports car.");
}

std::vector<std::string> ids_of(const std::vector<Photo>& photos) {
  std::vector<std::string> found;
  for (const Photo& photo : photos)
    found.push_back(photo.id);
  return found;
}

TEST(Folder, ListsEveryPhotoAndThoseWithoutWords) {
  const TemporaryFolder folder;
  folder.write("IMG_0001.jpg");
  folder.write("IMG_0002.jpg");
  folder.write("red cat.jpg");
  folder.write("Holidays/IMG_0003.jpg");
  folder.write("DSC_0004.jpg");
  folder.write("DSC_0004.txt", "a dog on a sofa");
  folder.write("m.jsonl", R"({"id":"5","file":"IMG_0002.jpg"})");
  const auto provider = opened(folder.path());
  EXPECT_EQ(provider->listable(ListOf::every_photo), 5u);
  EXPECT_TRUE(provider->lists_all());
  EXPECT_EQ(provider->listable(ListOf::without_words), 2u);
  EXPECT_THAT(ids_of(provider->list(ListOf::without_words, 100)), testing::UnorderedElementsAre("IMG_0001.jpg", "5"));
  EXPECT_THAT(provider->list(ListOf::every_photo, 100), SizeIs(5));
  EXPECT_THAT(provider->list(ListOf::every_photo, 3), SizeIs(3));
}

TEST(Folder, FindsCopiesOfAFileByteForByte) {
  const TemporaryFolder folder;
  folder.write("a.jpg", "these bytes");
  folder.write("b/c.jpg", "these bytes");
  folder.write("same size.jpg", "those bytes");
  folder.write("longer.jpg", "these bytes and more");
  const auto provider = opened(folder.path());
  const FileIdentity file{.bytes = 11, .sha256 = sha256_hex("these bytes")};
  EXPECT_THAT(ids_of(provider->copies_of(file, {})), testing::UnorderedElementsAre("a.jpg", "b/c.jpg"));
  std::filesystem::remove(folder.path() / "a.jpg");
  EXPECT_THAT(ids_of(provider->copies_of(file, {})), ElementsAre("b/c.jpg"));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(provider->copies_of(file, stop.get_token()), IsEmpty());
}

}  // namespace
}  // namespace lookalike

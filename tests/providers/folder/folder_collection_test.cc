#include "providers/folder/folder_collection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exiv2/exiv2.hpp>
#include <map>
#include <string>
#include <vector>

#include "core/base/text/text.h"
#include "tests/providers/folder/picture_bytes.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::TemporaryFolder;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct Log {
  std::vector<std::string> warnings;
  LogSink sink() {
    return [this](LogLevel level, std::string_view text) {
      if (level == LogLevel::warning) warnings.emplace_back(text);
    };
  }
};

std::map<std::string, FolderPhoto> photos_by_path(const TemporaryFolder& folder, Log& log,
                                                  const FolderLimits& limits = {}) {
  Result<FolderCollection> collection = read_folder(folder.path(), log.sink(), limits);
  EXPECT_TRUE(collection.ok()) << (collection.ok() ? "" : collection.error().message);
  std::map<std::string, FolderPhoto> photos;
  if (!collection) return photos;
  for (FolderPhoto& photo : collection->photos)
    photos.emplace(photo.path, photo);
  return photos;
}

TEST(FolderCollection, NamesOfFoldersAndFileAreTags) {
  const TemporaryFolder folder;
  folder.write("animals/big_cats/IMG_0001.jpg");
  folder.write("animals/snowLeopard-2.png");
  Log log;
  const auto photos = photos_by_path(folder, log);
  EXPECT_THAT(photos.at("animals/big_cats/IMG_0001.jpg").tags, ElementsAre("big cats", "big", "cats", "animals"));
  EXPECT_THAT(photos.at("animals/snowLeopard-2.png").tags, ElementsAre("snow leopard", "snow", "leopard", "animals"));
  EXPECT_EQ(photos.at("animals/snowLeopard-2.png").title, "snowLeopard-2");
  EXPECT_THAT(log.warnings, IsEmpty());
}

TEST(FolderCollection, TuxpaintsDescriptionsBecomeTitleAndTags) {
  const TemporaryFolder folder;
  folder.write("food/vegetables/garlic.png");
  folder.write("food/vegetables/garlic.txt", "A garlic bulb.\nde.utf8=Eine Knoblauchknolle.\n");
  Log log;
  const FolderPhoto photo = photos_by_path(folder, log).at("food/vegetables/garlic.png");
  EXPECT_EQ(photo.title, "A garlic bulb.");
  EXPECT_THAT(photo.tags, ElementsAre("garlic bulb", "garlic", "bulb", "vegetables", "food"));
}

TEST(FolderCollection, ReadsEverySidecarBesideAPhoto) {
  const TemporaryFolder folder;
  folder.write("a.jpg");
  folder.write("a.jpg.json", R"({"title":"a.jpg","description":"two kittens","tags":["pet"]})");
  folder.write("a.txt", "sofa, living room");
  folder.write("b.jpg");
  Log log;
  const auto photos = photos_by_path(folder, log);
  EXPECT_EQ(photos.at("a.jpg").title, "two kittens") << "a title that is the file's name says nothing";
  EXPECT_THAT(photos.at("a.jpg").tags, ElementsAre("pet", "sofa", "living room", "two kittens", "two", "kittens"));
  EXPECT_THAT(photos.at("b.jpg").tags, IsEmpty());
}

TEST(FolderCollection, ReadsKeywordsInsidePhotos) {
  const TemporaryFolder folder;
  const auto file = folder.write("x1.jpg", test::jpeg_bytes());
  const auto image = Exiv2::ImageFactory::open(file.string());
  image->readMetadata();
  image->xmpData()["Xmp.dc.subject"] = "lighthouse";
  image->iptcData()["Iptc.Application2.Keywords"] = "coast";
  image->iptcData()["Iptc.Application2.Caption"] = "The old lighthouse at dawn";
  image->writeMetadata();
  Log log;
  const FolderPhoto photo = photos_by_path(folder, log).at("x1.jpg");
  EXPECT_THAT(photo.tags, ElementsAre("lighthouse", "coast", "old lighthouse dawn", "old", "dawn"));
  EXPECT_EQ(photo.title, "The old lighthouse at dawn");
}

TEST(FolderCollection, AManifestHasTheOnlyWordOnItsPhotos) {
  const TemporaryFolder folder;
  folder.write("set/img/1.jpg");
  folder.write("set/img/1.txt", "A sidecar that is not read");
  folder.write("set/img/unlisted.jpg");
  folder.write(
      "set/m.jsonl",
      R"({"id":"77","file":"img/1.jpg","title":"Dog","tags":["dog"],"owner":"o","license":"4","dateupload":5})");
  Log log;
  const auto photos = photos_by_path(folder, log);
  const FolderPhoto& photo = photos.at("set/img/1.jpg");
  EXPECT_EQ(photo.id, "77");
  EXPECT_EQ(photo.title, "Dog");
  EXPECT_THAT(photo.tags, ElementsAre("dog"));
  EXPECT_EQ(photo.license.name, "CC BY 2.0");
  EXPECT_EQ(photo.uploaded, 5);
  EXPECT_THAT(photos.at("set/img/unlisted.jpg").tags, ElementsAre("unlisted", "set"));
  EXPECT_THAT(log.warnings, IsEmpty());
}

TEST(FolderCollection, WarnsOfBadLinesAndMissingPhotos) {
  const TemporaryFolder folder;
  folder.write("a.jpg");
  folder.write("m.jsonl", "{\"file\":\"a.jpg\"}\nrubbish\n{\"file\":\"../../etc/passwd\"}\n{\"file\":\"gone.jpg\"}\n");
  Log log;
  const auto photos = photos_by_path(folder, log);
  EXPECT_THAT(photos, SizeIs(1));
  EXPECT_THAT(log.warnings, Contains(HasSubstr("skipped 2 lines")));
  EXPECT_THAT(log.warnings, Contains(HasSubstr("gone.jpg")));
}

TEST(FolderCollection, AManifestCannotReachOutOfItsFolder) {
  const TemporaryFolder folder;
  folder.write("secret.jpg");
  folder.write("sub/a.jpg");
  folder.write("sub/m.jsonl",
               "{\"file\":\"../secret.jpg\",\"title\":\"stolen\"}\n{\"file\":\"a.jpg\",\"title\":\"mine\"}\n");
  Log log;
  const auto photos = photos_by_path(folder, log);
  EXPECT_EQ(photos.at("secret.jpg").title, "secret");
  EXPECT_EQ(photos.at("sub/a.jpg").title, "mine");
}

TEST(FolderCollection, ResultsOfASearchAreNoManifest) {
  const TemporaryFolder folder;
  folder.write("a.jpg");
  folder.write("results.jsonl", R"({"schema":"lookalike/1","query":{},"results":[]})");
  Log log;
  EXPECT_THAT(photos_by_path(folder, log), SizeIs(1));
  EXPECT_THAT(log.warnings, IsEmpty());
}

TEST(FolderCollection, IdsAreUniqueAndLossless) {
  const TemporaryFolder folder;
  folder.write("\xFF.jpg");
  folder.write("%FF.jpg");
  folder.write("ünï.jpg");
  folder.write("1.jpg");
  folder.write("2.jpg");
  folder.write("m.jsonl", "{\"file\":\"1.jpg\",\"id\":\"same\"}\n{\"file\":\"2.jpg\",\"id\":\"same\"}\n");
  Log log;
  const auto photos = photos_by_path(folder, log);
  EXPECT_EQ(photos.at("\xFF.jpg").id, "%FF.jpg");
  EXPECT_EQ(photos.at("%FF.jpg").id, "%25FF.jpg");
  EXPECT_EQ(photos.at("ünï.jpg").id, "ünï.jpg");
  EXPECT_EQ(photos.at("1.jpg").id, "same");
  EXPECT_EQ(photos.at("2.jpg").id, "2.jpg");
}

TEST(FolderCollection, AManifestCannotTakeAnotherPhotosId) {
  const TemporaryFolder folder;
  folder.write("a.jpg");
  folder.write("b.jpg");
  folder.write("m.jsonl", R"({"file":"a.jpg","id":"b.jpg"})");
  Log log;
  const auto photos = photos_by_path(folder, log);
  EXPECT_NE(photos.at("a.jpg").id, photos.at("b.jpg").id);
}

TEST(FolderCollection, TextIsValidUtf8WhateverTheNames) {
  const TemporaryFolder folder;
  folder.write("caf\xE9/\xFFpicture.jpg");
  Log log;
  for (const auto& [path, photo] : photos_by_path(folder, log)) {
    EXPECT_EQ(valid_utf8(photo.title), photo.title);
    EXPECT_EQ(valid_utf8(photo.id), photo.id);
    for (const std::string& tag : photo.tags)
      EXPECT_EQ(valid_utf8(tag), tag);
  }
}

TEST(FolderCollection, NewestFirstThenAsIfShuffledAndTheSameEachTime) {
  const TemporaryFolder folder;
  std::string manifest;
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i) + ".jpg";
    folder.write(name);
    if (i < 3) manifest += "{\"file\":\"" + name + "\",\"dateupload\":" + std::to_string(100 + i) + "}\n";
  }
  folder.write("m.jsonl", manifest);
  const auto first = read_folder(folder.path(), {});
  const auto second = read_folder(folder.path(), {});
  ASSERT_TRUE(first.ok() && second.ok());
  std::vector<std::string> order, again;
  for (const FolderPhoto& photo : first->photos)
    order.push_back(photo.path);
  for (const FolderPhoto& photo : second->photos)
    again.push_back(photo.path);
  EXPECT_EQ(order, again);
  EXPECT_THAT(std::vector<std::string>(order.begin(), order.begin() + 3), ElementsAre("2.jpg", "1.jpg", "0.jpg"));
  EXPECT_FALSE(std::is_sorted(order.begin() + 3, order.end()));
}

TEST(FolderCollection, SeveralThreadsReadTheSameAsOne) {
  const TemporaryFolder folder;
  for (int i = 0; i < 300; ++i) {
    folder.write("d" + std::to_string(i % 7) + "/n" + std::to_string(i) + ".png");
    folder.write("d" + std::to_string(i % 7) + "/n" + std::to_string(i) + ".txt",
                 "Thing" + std::string(1, char('a' + i % 26)));
  }
  Log log;
  const auto photos = photos_by_path(folder, log);
  ASSERT_THAT(photos, SizeIs(300));
  for (int i = 0; i < 300; ++i) {
    const FolderPhoto& photo = photos.at("d" + std::to_string(i % 7) + "/n" + std::to_string(i) + ".png");
    EXPECT_THAT(photo.tags, Contains("thing" + std::string(1, char('a' + i % 26))));
  }
}

TEST(FolderCollection, SaysWhenItHadNoTimeForKeywordsInside) {
  const TemporaryFolder folder;
  folder.write("a.jpg");
  Log log;
  FolderLimits limits;
  limits.keyword_time = std::chrono::milliseconds(-1);
  EXPECT_THAT(photos_by_path(folder, log, limits), SizeIs(1));
  EXPECT_THAT(log.warnings, Contains(HasSubstr("took too long")));
}

TEST(FolderCollection, ATooLargeManifestIsAWarningNotTheEnd) {
  const TemporaryFolder folder;
  folder.write("a.jpg");
  folder.write("m.jsonl", std::string(1000, ' '));
  Log log;
  FolderLimits limits;
  limits.max_manifest_bytes = 100;
  EXPECT_THAT(photos_by_path(folder, log, limits), SizeIs(1));
  EXPECT_THAT(log.warnings, Contains(HasSubstr("m.jsonl")));
}

TEST(FolderCollection, SaysWhereItLookedInVain) {
  const TemporaryFolder folder;
  folder.write("readme.txt");
  const auto empty = read_folder(folder.path(), {});
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().code, ErrorCode::not_found);
  EXPECT_THAT(empty.error().message, HasSubstr("no photos in " + folder.path().string()));
  EXPECT_THAT(empty.error().message, HasSubstr(".webp"));
  EXPECT_EQ(read_folder(folder.path() / "missing", {}).error().code, ErrorCode::not_found);
}

// As Windows writes what it calls Unicode.
std::string utf16_of(const std::string& ascii) {
  std::string bytes = "\xFF\xFE";
  for (const char c : ascii)
    bytes += std::string{c, '\0'};
  return bytes;
}

TEST(FolderCollection, WordsBesidePhotosMayComeFromWindows) {
  const TemporaryFolder folder;
  const std::string manifest = "{\"file\": \"listed.jpg\", \"title\": \"Listed\"}\r\n";
  const std::string xmp =
      "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
      "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:subject><rdf:Bag><rdf:li>heron</rdf:li></rdf:Bag></dc:subject>"
      "</rdf:Description></rdf:RDF></x:xmpmeta>\r\n";
  folder.write("a/listed.jpg");
  folder.write("a/manifest.jsonl", utf16_of(manifest));
  folder.write("b/text.jpg");
  folder.write("b/text.txt", utf16_of("A penny.\r\n"));
  folder.write("b/packet.jpg");
  folder.write("b/packet.xmp", utf16_of(xmp));
  folder.write("b/marked.jpg");
  folder.write("b/marked.json", "\xEF\xBB\xBF{\"title\": \"Marked\"}\r\n");
  Log log;
  const auto photos = photos_by_path(folder, log);
  EXPECT_EQ(photos.at("a/listed.jpg").title, "Listed");
  EXPECT_EQ(photos.at("b/text.jpg").title, "A penny.");
  EXPECT_THAT(photos.at("b/packet.jpg").tags, Contains("heron"));
  EXPECT_EQ(photos.at("b/marked.jpg").title, "Marked");
}

}  // namespace
}  // namespace lookalike

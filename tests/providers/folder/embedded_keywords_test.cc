#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <exiv2/exiv2.hpp>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/files/file.h"
#include "core/base/random.h"
#include "providers/folder/photo_words.h"
#include "tests/providers/folder/picture_bytes.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::IsEmpty;

void add_metadata(const std::filesystem::path& file, const std::function<void(Exiv2::Image&)>& change) {
  const auto image = Exiv2::ImageFactory::open(file.string());
  image->readMetadata();
  change(*image);
  image->writeMetadata();
}

void add_xmp(Exiv2::Image& image) {
  image.xmpData()["Xmp.dc.subject"] = "cat";
  image.xmpData()["Xmp.dc.subject"] = "tabby cat";
  image.xmpData()["Xmp.dc.title"] = "lang=x-default A cat";
}

void add_keyword(Exiv2::Image& image, const std::string& keyword) {
  Exiv2::Iptcdatum datum(Exiv2::IptcKey("Iptc.Application2.Keywords"));
  datum.setValue(keyword);
  image.iptcData().add(datum);
}

PhotoWords folded_words(const std::filesystem::path& file) {
  const Result<PhotoWords> words = embedded_keywords(file);
  EXPECT_TRUE(words.ok()) << (words.ok() ? "" : words.error().message);
  return words.ok() ? *words : PhotoWords{};
}

TEST(EmbeddedKeywords, PlainPicturesHoldNone) {
  const TemporaryFolder folder;
  for (const auto& file :
       {folder.write("a.jpg", test::jpeg_bytes()), folder.write("a.png", test::png_bytes()),
        folder.write("a.webp", test::webp_bytes()), folder.write("a.gif", "GIF89a\x01\x00\x01\x00")}) {
    EXPECT_FALSE(may_hold_keywords(file)) << file;
    EXPECT_TRUE(folded_words(file).empty()) << file;
  }
}

TEST(EmbeddedKeywords, ReadsXmpOfEachFormat) {
  const TemporaryFolder folder;
  for (const auto& file : {folder.write("a.jpg", test::jpeg_bytes()), folder.write("a.png", test::png_bytes()),
                           folder.write("a.webp", test::webp_bytes())}) {
    add_metadata(file, add_xmp);
    EXPECT_TRUE(may_hold_keywords(file)) << file;
    EXPECT_THAT(folded_words(file).tags, ElementsAre("cat", "tabby cat")) << file;
    EXPECT_EQ(folded_words(file).title, "A cat") << file;
  }
}

TEST(EmbeddedKeywords, ReadsIptcInUtf8AndInLatin1) {
  const TemporaryFolder folder;
  for (const auto& file : {folder.write("a.jpg", test::jpeg_bytes()), folder.write("a.png", test::png_bytes())}) {
    add_metadata(file, [](Exiv2::Image& image) {
      add_keyword(image, "caf\xC3\xA9");
      add_keyword(image, "\xE9glise");
    });
    EXPECT_TRUE(may_hold_keywords(file)) << file;
    EXPECT_THAT(folded_words(file).tags, ElementsAre("café", "église")) << file;
  }
}

TEST(EmbeddedKeywords, FindsThemBehindOtherSegments) {
  const TemporaryFolder folder;
  std::string bytes = test::jpeg_bytes();
  std::string segments;
  for (int i = 0; i < 20; ++i)
    segments += "\xFF\xE4\xEA\x60" + std::string(0xEA60 - 2, 'c');
  bytes.insert(2, segments);
  const auto file = folder.write("a.jpg", bytes);
  EXPECT_FALSE(may_hold_keywords(file));
  add_metadata(file, add_xmp);
  EXPECT_TRUE(may_hold_keywords(file));
  EXPECT_THAT(folded_words(file).tags, ElementsAre("cat", "tabby cat"));
}

TEST(EmbeddedKeywords, WhatCannotBeReadHoldsNone) {
  const TemporaryFolder folder;
  EXPECT_FALSE(may_hold_keywords(folder.path() / "missing.jpg"));
  EXPECT_FALSE(may_hold_keywords(folder.path()));
  ASSERT_EQ(::mkfifo((folder.path() / "pipe.jpg").c_str(), 0600), 0);
  EXPECT_FALSE(may_hold_keywords(folder.path() / "pipe.jpg")) << "and does not wait for a writer";
  EXPECT_FALSE(may_hold_keywords(folder.write("empty.jpg", "")));
  EXPECT_FALSE(may_hold_keywords(folder.write("endless.jpg", "\xFF\xD8" + std::string(100'000, '\xFF'))));
}

TEST(EmbeddedKeywords, DamagedFilesNeverThrow) {
  const TemporaryFolder folder;
  const auto whole = folder.write("whole.jpg", test::jpeg_bytes());
  add_metadata(whole, add_xmp);
  add_metadata(whole, [](Exiv2::Image& image) { add_keyword(image, "cat"); });
  const std::string bytes = *read_file(whole, 1 << 20);
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    std::string broken = bytes.substr(0, random.below(bytes.size() + 1));
    for (int flips = 0; flips < 3 && !broken.empty(); ++flips) {
      broken[random.below(broken.size())] = static_cast<char>(random.below(256));
    }
    const Result<PhotoWords> words = embedded_keywords(folder.write("broken.jpg", broken));
    if (!words.ok()) {
      EXPECT_EQ(words.error().code, ErrorCode::bad_data);
    }
  }
}

TEST(EmbeddedKeywords, ManyThreadsMayReadAtOnce) {
  const TemporaryFolder folder;
  const auto file = folder.write("a.jpg", test::jpeg_bytes());
  add_metadata(file, add_xmp);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&file] {
      for (int n = 0; n < 50; ++n)
        EXPECT_THAT(folded_words(file).tags, ElementsAre("cat", "tabby cat"));
    });
  }
}

}  // namespace
}  // namespace lookalike

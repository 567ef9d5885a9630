#include "providers/folder/folder_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(FolderManifest, ReadsAPhoto) {
  const Manifest manifest = parse_manifest(
      R"({"id": "1003", "owner": "88@N08", "title": "man on a bench", "tags": ["dog", "man"], "license": "3", "dateupload": 1742472498, "file": "img/1003.jpg"})");
  ASSERT_THAT(manifest.entries, SizeIs(1));
  const ManifestEntry& entry = manifest.entries[0];
  EXPECT_EQ(entry.file, "img/1003.jpg");
  EXPECT_EQ(entry.id, "1003");
  EXPECT_EQ(entry.title, "man on a bench");
  EXPECT_EQ(entry.owner, "88@N08");
  EXPECT_EQ(entry.license.name, "CC BY-NC-ND 2.0");
  EXPECT_EQ(entry.uploaded, 1742472498);
  EXPECT_THAT(entry.tags, ElementsAre("dog", "man"));
  EXPECT_EQ(manifest.bad_lines, 0);
}

TEST(FolderManifest, TakesTheOtherSpellings) {
  const Manifest manifest = parse_manifest(
      "{\"file\":\"a.jpg\",\"licence\":\"CC BY 4.0\",\"dateupload\":\"17\",\"tags\":\"cat dog "
      "cat\",\"id\":5}\r\n\r\n{\"file\":\"./b//c.jpg\"}");
  ASSERT_THAT(manifest.entries, SizeIs(2));
  EXPECT_EQ(manifest.entries[0].license.name, "CC BY 4.0");
  EXPECT_EQ(manifest.entries[0].uploaded, 17);
  EXPECT_EQ(manifest.entries[0].id, "5");
  EXPECT_THAT(manifest.entries[0].tags, ElementsAre("cat", "dog"));
  EXPECT_EQ(manifest.entries[1].file, "b/c.jpg");
  EXPECT_FALSE(manifest.entries[1].uploaded.has_value());
  EXPECT_EQ(manifest.bad_lines, 0);
}

TEST(FolderManifest, SkipsAndCountsBadLines) {
  const Manifest manifest =
      parse_manifest("{\"file\":\"a.jpg\"}\nnot json\n[]\n{\"file\":7}\n{}\n{\"file\":\"b.jpg\"}");
  EXPECT_THAT(manifest.entries, SizeIs(2));
  EXPECT_EQ(manifest.bad_lines, 4);
  EXPECT_THAT(manifest.first_problem, HasSubstr("line 2"));
}

TEST(FolderManifest, FilesStayInsideTheFolder) {
  for (const char* file :
       {"../../etc/passwd", "/etc/passwd", "a/../../b.jpg", "..", "a/..", ".", "", "a/", "./", "//"}) {
    EXPECT_FALSE(path_inside(file).has_value()) << file;
  }
  EXPECT_FALSE(path_inside(std::string_view("a\0.jpg", 6)).has_value());
  EXPECT_EQ(path_inside("a/b..c/...jpg"), "a/b..c/...jpg");
  EXPECT_THAT(parse_manifest(R"({"file":"../../etc/passwd"})").first_problem, HasSubstr("leads out"));
}

TEST(FolderManifest, WrongTypesLeaveFieldsEmpty) {
  const Manifest manifest = parse_manifest(
      R"({"file":"a.jpg","id":[],"title":{},"owner":false,"license":null,"dateupload":"soon","tags":[1,null,["x"],{},"cat",""]})");
  ASSERT_THAT(manifest.entries, SizeIs(1));
  EXPECT_EQ(manifest.entries[0].id, "");
  EXPECT_EQ(manifest.entries[0].title, "");
  EXPECT_EQ(manifest.entries[0].license.name, "");
  EXPECT_FALSE(manifest.entries[0].uploaded.has_value());
  EXPECT_THAT(manifest.entries[0].tags, ElementsAre("cat"));
}

TEST(FolderManifest, IsBoundedWhateverComes) {
  EXPECT_EQ(parse_manifest(R"({"file":"a.jpg","x":)" + std::string(200'000, '[')).bad_lines, 1);
  EXPECT_EQ(parse_manifest(R"({"file":"a.jpg","x":")" + std::string(2 << 20, 'y') + "\"}").bad_lines, 1);
  std::string tags;
  for (int i = 0; i < 5000; ++i)
    tags += (i > 0 ? ",\"t" : "\"t") + std::to_string(i) + "\"";
  EXPECT_THAT(parse_manifest(R"({"file":"a.jpg","tags":[)" + tags + "]}").entries[0].tags, SizeIs(500));
  EXPECT_THAT(parse_manifest(std::string(10, '\0')).entries, IsEmpty());
  EXPECT_EQ(parse_manifest("").bad_lines, 0);
}

TEST(FolderManifest, TextIsValidUtf8) {
  const Manifest manifest = parse_manifest("{\"file\":\"a.jpg\",\"title\":\"\xFF\",\"tags\":[\"\xC3\"]}");
  for (const ManifestEntry& entry : manifest.entries) {
    EXPECT_EQ(valid_utf8(entry.title), entry.title);
    for (const std::string& tag : entry.tags)
      EXPECT_EQ(valid_utf8(tag), tag);
  }
}

}  // namespace
}  // namespace lookalike

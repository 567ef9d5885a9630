#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "providers/folder/photo_words.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Sidecar, TheFirstLineOfTextDescribes) {
  const PhotoWords words =
      parse_text_sidecar("A US 1 cent piece ($.01) called a penny.\nde.utf8=Eine Münze\nfr.utf8=x\n");
  EXPECT_EQ(words.description, "A US 1 cent piece ($.01) called a penny.");
  EXPECT_THAT(words.tags, IsEmpty());
}

TEST(Sidecar, SkipsEmptyLinesBeforeTheDescription) {
  EXPECT_EQ(parse_text_sidecar("\r\n\r\n A cat. \r\nen_AU.utf8=x").description, "A cat.");
}

TEST(Sidecar, TranslationsAloneDescribeNothing) {
  EXPECT_TRUE(parse_text_sidecar("de.utf8=Eine Katze\nen_AU.utf8=A cat").empty());
  EXPECT_TRUE(parse_text_sidecar("").empty());
  EXPECT_TRUE(parse_text_sidecar("\n\n\n").empty());
}

TEST(Sidecar, AListBetweenCommasIsTags) {
  const PhotoWords words = parse_text_sidecar("dog, golden retriever, beach, dog\n");
  EXPECT_THAT(words.tags, ElementsAre("dog", "golden retriever", "beach"));
  EXPECT_EQ(words.description, "");
  EXPECT_EQ(parse_text_sidecar("A dog, a cat.").description, "A dog, a cat.");
  EXPECT_EQ(parse_text_sidecar("A dog that barks at cats, and more").description, "A dog that barks at cats, and more");
}

TEST(Sidecar, AnyBytesOfTextAreTaken) {
  EXPECT_EQ(parse_text_sidecar(std::string_view("a\0b\x1B[31m\xFF", 9)).description, "ab[31m\xEF\xBF\xBD");
  EXPECT_LE(parse_text_sidecar(std::string(1 << 20, 'x')).description.size(), 500u);
}

TEST(Sidecar, ReadsJsonOfSeveralExports) {
  const auto plain = parse_json_sidecar(
      R"({"title":"Cat","description":"on a mat","tags":["cat","mat"],"keywords":"pet, tabby cat"})");
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->title, "Cat");
  EXPECT_EQ(plain->description, "on a mat");
  EXPECT_THAT(plain->tags, ElementsAre("cat", "mat", "pet", "tabby cat"));
  const auto flickr =
      parse_json_sidecar(R"({"name":"Cat","tags":[{"tag":"cat","user":"x"},{"tag":"pet"},{"other":1}]})");
  ASSERT_TRUE(flickr.ok());
  EXPECT_EQ(flickr->title, "Cat");
  EXPECT_THAT(flickr->tags, ElementsAre("cat", "pet"));
}

TEST(Sidecar, OddJsonIsAnErrorOrEmpty) {
  for (const char* text : {"", "[]", "7", "{", "<xml/>"})
    EXPECT_FALSE(parse_json_sidecar(text).ok()) << text;
  const auto wrong = parse_json_sidecar(R"({"title":{},"description":[],"tags":{"a":1},"keywords":7})");
  ASSERT_TRUE(wrong.ok());
  EXPECT_TRUE(wrong->empty());
  EXPECT_FALSE(parse_json_sidecar(std::string(200'000, '[')).ok());
}

constexpr const char* kXmp = R"(<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="de">Katze</rdf:li><rdf:li xml:lang="x-default">Cat</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">on a mat</rdf:li></rdf:Alt></dc:description>
<dc:subject><rdf:Bag><rdf:li>cat</rdf:li><rdf:li>tabby cat</rdf:li></rdf:Bag></dc:subject>
<lr:hierarchicalSubject><rdf:Bag><rdf:li>animals|cat</rdf:li></rdf:Bag></lr:hierarchicalSubject>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>)";

TEST(Sidecar, ReadsXmp) {
  const auto words = parse_xmp_sidecar(kXmp);
  ASSERT_TRUE(words.ok()) << words.error().message;
  EXPECT_EQ(words->title, "Cat");
  EXPECT_EQ(words->description, "on a mat");
  EXPECT_THAT(words->tags, testing::UnorderedElementsAre("cat", "tabby cat", "animals"));
}

TEST(Sidecar, BrokenXmpIsAnErrorOrEmptyAtAnyLength) {
  const std::string whole = kXmp;
  for (size_t size = 0; size < whole.size(); size += 7) {
    const auto words = parse_xmp_sidecar(whole.substr(0, size));
    if (!words.ok()) {
      EXPECT_EQ(words.error().code, ErrorCode::bad_data);
    }
  }
  EXPECT_FALSE(parse_xmp_sidecar("no xml at all").ok() && !parse_xmp_sidecar("no xml at all")->empty());
}

TEST(Sidecar, TagsAreBounded) {
  PhotoWords words;
  for (int i = 0; i < 1000; ++i)
    add_tag(words, "t" + std::to_string(i));
  EXPECT_THAT(words.tags, SizeIs(500));
  PhotoWords other;
  add_tag(other, std::string(201, 'x'));
  add_tag(other, " \x1B ");
  EXPECT_TRUE(other.empty());
}

}  // namespace
}  // namespace lookalike

#include "providers/common/answer_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/json.h"

namespace lookalike {
namespace {

using testing::ElementsAre;

std::vector<std::string> tags_from(const std::vector<std::string>& raw) {
  std::vector<std::string> tags;
  for (const std::string& tag : raw)
    add_tag(tags, tag);
  return tags;
}

TEST(AnswerFields, OnlyWebAddressesAreAddresses) {
  EXPECT_TRUE(is_web_url("https://a.example/x?y=1"));
  EXPECT_TRUE(is_web_url("http://127.0.0.1:80/"));
  for (const std::string& url : {std::string("javascript:x"), std::string("file:///etc/passwd"), std::string("//a/b"),
                                 std::string("https://a b"), std::string("https://a\nb"), std::string(),
                                 "https://a/" + std::string(2048, 'x'), std::string("https://ä.example/")}) {
    EXPECT_FALSE(is_web_url(url)) << url;
  }
  const auto json = parse_json(R"({"a": "https://a.example/", "b": "ftp://b", "c": 5})");
  EXPECT_EQ(web_url(*json, "a"), "https://a.example/");
  for (const char* name : {"b", "c", "d"})
    EXPECT_EQ(web_url(*json, name), "") << name;
}

TEST(AnswerFields, TextsAreBounded) {
  const auto json = parse_json("{\"a\": \"" + std::string(5'000, 'x') + R"(", "b": [1], "c": 7})");
  EXPECT_EQ(short_text(*json, "a").size(), 500u);
  EXPECT_EQ(short_text(*json, "b"), "");
  EXPECT_EQ(short_text(*json, "c"), "7");
}

TEST(AnswerFields, TagsAreCleanedAndCounted) {
  EXPECT_THAT(tags_from({"cat", " cat ", "-dog", "--", "", "\x1B[31mred", "a  b", "\xFF"}),
              ElementsAre("cat", "dog", "[31mred", "a b", "\uFFFD"));
  EXPECT_THAT(tags_from({"\u202E-hidden"}), ElementsAre("hidden"));
  EXPECT_THAT(tags_from({std::string(101, 'x'), "日本"}), ElementsAre("日本"));
  std::vector<std::string> many;
  for (int i = 0; i < 200; ++i)
    many.push_back(std::to_string(i));
  EXPECT_EQ(tags_from(many).size(), kMaxAnswerTags);
}

TEST(AnswerFields, IdsFitPaths) {
  EXPECT_TRUE(is_plain_id("4bc43a04-ef46-4544"));
  for (const std::string& id : {std::string(), std::string("a/b"), std::string(".."), std::string(65, 'x')})
    EXPECT_FALSE(is_plain_id(id)) << id;
}

TEST(AnswerFields, AttributionNeedsALicenceAndAnOwner) {
  EXPECT_EQ(attribution_line("Cat", "Ann", "CC BY 2.0"), "\"Cat\" by Ann, CC BY 2.0");
  EXPECT_EQ(attribution_line("", "Ann", "CC0 1.0"), "Photo by Ann, CC0 1.0");
  EXPECT_EQ(attribution_line("Cat", "", "CC0 1.0"), "");
  EXPECT_EQ(attribution_line("Cat", "Ann", ""), "");
}

TEST(ClipText, KeepsShortText) {
  EXPECT_EQ(clip_text("cat", 3), "cat");
  EXPECT_EQ(clip_text("", 3), "");
}

TEST(ClipText, CutsBetweenCharacters) {
  EXPECT_EQ(clip_text("äöü", 2), "äö");
  EXPECT_EQ(clip_text("a日本", 2), "a日");
  EXPECT_EQ(clip_text("abc", 0), "");
}

TEST(FileUrl, EncodesAllButTheSlashes) {
  EXPECT_EQ(file_url("/my pics/cat.jpg"), "file:///my%20pics/cat.jpg");
  EXPECT_EQ(file_url("/a%b?c#d"), "file:///a%25b%3Fc%23d");
  EXPECT_EQ(file_url("/\xFF"), "file:///%FF");
  EXPECT_EQ(file_url("/"), "file:///");
}

TEST(AnswerFields, APathLeadsThroughObjectsAndLists) {
  const auto json = parse_json(R"({"a": {"b": [{"c": "x"}, {"c": 5}]}, "n": {"total": "41"}, "t": 7})");
  EXPECT_EQ(short_text(*json, "a/b/0/c"), "x");
  EXPECT_EQ(short_text(*json, "a/b/1/c"), "5");
  EXPECT_EQ(number_at(*json, "n/total"), 41);
  EXPECT_EQ(number_at(*json, "t"), 7);
  EXPECT_EQ(list_at(*json, "a/b").size(), 2u);
  EXPECT_EQ(value_at(*json, ""), &*json);
  for (const char* path : {"x", "a/x", "a/b/2", "a/b/-1", "a/b/0x", "a/b/99999999999999999999", "t/a/b", "/", "a//b"}) {
    EXPECT_EQ(value_at(*json, path), nullptr) << path;
    EXPECT_EQ(short_text(*json, path), "") << path;
    EXPECT_EQ(number_at(*json, path), 0) << path;
    EXPECT_TRUE(list_at(*json, path).empty()) << path;
  }
  EXPECT_TRUE(list_at(*json, "a").empty());
}

TEST(AnswerFields, TagsComeAsListsOrAsText) {
  const auto json = parse_json(R"({"list": ["a", 5, {}, "b, c"], "text": "a,, b", "object": {"a": 1}})");
  const auto tags_at = [&](const char* path) {
    std::vector<std::string> tags;
    add_tags(tags, *json, path, ',');
    return tags;
  };
  EXPECT_THAT(tags_at("list"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(tags_at("text"), ElementsAre("a", "b"));
  for (const char* path : {"object", "none"})
    EXPECT_TRUE(tags_at(path).empty());
}

}  // namespace
}  // namespace lookalike

#include "core/base/text/json.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(Json, ReadsNumbersAndTextInEitherType) {
  const auto document = parse_json(R"({"a": 320, "b": "213", "c": " 7 ", "d": "12x", "e": 2.0, "f": null, "g": true})");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(json_integer(*document, "a"), 320);
  EXPECT_EQ(json_integer(*document, "b"), 213);
  EXPECT_EQ(json_integer(*document, "c"), 7);
  EXPECT_EQ(json_integer(*document, "d"), std::nullopt);
  EXPECT_EQ(json_integer(*document, "e"), 2);
  EXPECT_EQ(json_integer(*document, "f"), std::nullopt);
  EXPECT_EQ(json_text(*document, "a"), "320");
  EXPECT_EQ(json_text(*document, "b"), "213");
  EXPECT_EQ(json_text(*document, "g"), std::nullopt);
  EXPECT_EQ(json_text(*document, "missing"), std::nullopt);
}

TEST(Json, LetsTrailingCommasPass) {
  EXPECT_TRUE(parse_json(R"({"photo": [1, 2,], })").ok());
}

TEST(Json, MakesTextValid) {
  const auto document = parse_json("{\"t\": \"a\xff\\u0000b\"}");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(json_text(*document, "t"),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(Json, RefusesDeepNestingBeforeBuildingIt) {
  const auto document = parse_json(std::string(200'000, '['));
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.error().code, ErrorCode::bad_data);
  EXPECT_NE(document.error().message.find("nested deeper"), std::string::npos);
}

TEST(Json, BracketsInStringsAreNoNesting) {
  EXPECT_TRUE(parse_json("{\"t\": \"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"}").ok());
}

TEST(Json, ShowsWhatItGotInstead) {
  const auto html = parse_json("<html><body>busy</body></html>");
  ASSERT_FALSE(html.ok());
  EXPECT_NE(html.error().message.find("<html>"), std::string::npos);
  EXPECT_FALSE(parse_json("").ok());
  EXPECT_FALSE(parse_json("{\"a\": 1").ok());
  EXPECT_FALSE(parse_json("{} {}").ok());
}

TEST(Json, MembersOfNonObjectsAreMissing) {
  const auto document = parse_json("[1]");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(json_member(*document, "a"), nullptr);
  EXPECT_EQ(json_text(*document, "a"), std::nullopt);
}

}  // namespace
}  // namespace lookalike

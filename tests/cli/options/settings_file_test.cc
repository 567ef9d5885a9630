#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/options/command_line.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> values(const std::string& text) {
  const auto settings = parse_settings(text);
  EXPECT_TRUE(settings.ok()) << text << ": " << (settings.ok() ? "" : settings.error().message);
  return settings.ok() && settings->size() == 1 ? settings->front().values : std::vector<std::string>{};
}

std::string refusal(const std::string& text) {
  const auto settings = parse_settings(text);
  EXPECT_FALSE(settings.ok()) << text;
  return settings.ok() ? "" : settings.error().message;
}

TEST(SettingsFile, HasALineAnOption) {
  const auto settings = parse_settings("# mine\n\n  top = 5\njson\n; old\n\"max-calls\"=7 # few\n--seed = 3\n");
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  ASSERT_EQ(settings->size(), 4u);
  const auto& all = *settings;
  EXPECT_EQ(all[0].name, "top");
  EXPECT_THAT(all[0].values, ElementsAre("5"));
  EXPECT_EQ(all[0].line, 3);
  EXPECT_EQ(all[1].name, "json");
  EXPECT_THAT(all[1].values, ElementsAre("true"));
  EXPECT_EQ(all[2].name, "max-calls");
  EXPECT_THAT(all[2].values, ElementsAre("7"));
  EXPECT_EQ(all[3].name, "seed");
}

TEST(SettingsFile, ABareValueIsAllThatStandsThere) {
  EXPECT_THAT(values("user-agent = Me, myself (home); it's \"I\""), ElementsAre("Me, myself (home); it's \"I\""));
  EXPECT_THAT(values("score = class:#281"), ElementsAre("class:#281"));
  EXPECT_THAT(values("input = [2019] Trip [raw]"), ElementsAre("[2019] Trip [raw]"));
  EXPECT_THAT(values("endpoint=http://x/?a=b"), ElementsAre("http://x/?a=b"));
  EXPECT_THAT(values("tag = 100% {} # wool"), ElementsAre("100% {}"));
  EXPECT_THAT(values("tag ="), ElementsAre(""));
  EXPECT_THAT(values("tag = # nothing"), ElementsAre(""));
  EXPECT_THAT(values("tag = [open"), ElementsAre("[open"));
}

TEST(SettingsFile, QuotesKeepEverything) {
  EXPECT_THAT(values(R"(tag = "[x] # y, 'z' \"q\" \\ \u00e9 \q" # why)"),
              ElementsAre("[x] # y, 'z' \"q\" \\ \xC3\xA9 \\q"));
  EXPECT_THAT(values(R"(layer = 'C:\new "x"')"), ElementsAre(R"(C:\new "x")"));
  EXPECT_THAT(values("tag = \"\""), ElementsAre(""));
  EXPECT_THAT(values("tag = ' blank '"), ElementsAre(" blank "));
  EXPECT_THAT(values(R"(tag = "\uD800\u12")"), ElementsAre(R"(\uD800\u12)"));
}

TEST(SettingsFile, ListsAreInBracketsOrRepeated) {
  EXPECT_THAT(values("tag = [\"cat\", 'big dog', bird]"), ElementsAre("cat", "big dog", "bird"));
  EXPECT_THAT(values("tag = [ # all\n  \"[a,b]\",  # one\n  c,\n]\n"), ElementsAre("[a,b]", "c"));
  EXPECT_THAT(values("tag = cat\ntag = dog"), ElementsAre("cat", "dog"));
  EXPECT_THAT(values("tag = []"), ElementsAre());
  const auto after = parse_settings("tag = [a,\nb]\ntop = 5\n");
  ASSERT_TRUE(after.ok());
  EXPECT_EQ(after->at(1).line, 3);
}

TEST(SettingsFile, WindowsEditorsChangeNothing) {
  const auto settings =
      parse_settings("\xEF\xBB\xBF# saved by Notepad\r\ntop = 5\r\ntag = \"a b\"\r\njson\r\nlike = [x,\r\n y]\r\n");
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  ASSERT_EQ(settings->size(), 4u);
  EXPECT_THAT(settings->at(0).values, ElementsAre("5"));
  EXPECT_THAT(settings->at(1).values, ElementsAre("a b"));
  EXPECT_EQ(settings->at(2).name, "json");
  EXPECT_THAT(settings->at(3).values, ElementsAre("x", "y"));
}

TEST(SettingsFile, SaysWhereItIsWrong) {
  EXPECT_THAT(refusal("top = 5\n[search]\n"), HasSubstr("line 2: [search] begins a section"));
  EXPECT_THAT(refusal("tag = \"open\n"), HasSubstr("line 1: a closing quote is missing"));
  EXPECT_THAT(refusal("tag = \"a\" b\n"), HasSubstr("after the closing quote"));
  EXPECT_THAT(refusal("= 5\n"), HasSubstr("no name"));
}

TEST(SettingsFile, AnyBytesAreReadToTheEnd) {
  const std::string pieces[] = {
      "[", "]", "\"", "'", "=", ",", "#", "\n", "\\u", "a", "\r", "\xEF\xBB\xBF", std::string(1, '\0')};
  uint32_t state = 1;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
      state = state * 1664525 + 1013904223;
      text += pieces[(state >> 16) % std::size(pieces)];
    }
    (void)parse_settings(text);
  }
}

}  // namespace
}  // namespace lookalike

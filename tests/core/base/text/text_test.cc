#include "core/base/text/text.h"

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace lookalike {
namespace {

TEST(Text, ReplacesMalformedBytes) {
  EXPECT_EQ(valid_utf8("caf\xC3\xA9"), "caf\xC3\xA9");
  EXPECT_EQ(valid_utf8("a\xffz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(valid_utf8(std::string_view("a\0b", 3)), "ab");
  EXPECT_EQ(valid_utf8("\xED\xA0\x80").find('\xED'), std::string::npos);  // a surrogate
}

TEST(Text, TakesControlOfNoTerminal) {
  EXPECT_EQ(terminal_safe("a\x1b[31mred\x07"), "a[31mred");
  EXPECT_EQ(terminal_safe("evil\xE2\x80\xAEgpj.exe"), "evilgpj.exe");  // right-to-left override
  EXPECT_EQ(terminal_safe("a\xE2\x81\xA6z"), "az");                    // isolate
  EXPECT_EQ(terminal_safe("\xC2\x9B"
                          "31m"),
            "31m");  // 8-bit CSI
  EXPECT_EQ(terminal_safe("  line\nbreak\t\xE2\x80\xA8 x "), "line break x");
  EXPECT_EQ(terminal_safe("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x8C\xBE"),
            "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x8C\xBE");
}

TEST(Text, TagKeysFoldCaseAndSpaces) {
  EXPECT_EQ(tag_key(" Tabby  Cat"), tag_key("tabby cat"));
  EXPECT_EQ(tag_key("STRASSE"), tag_key("stra\xC3\x9F"
                                        "e"));
  EXPECT_EQ(tag_key("\xC3\x89t\xC3\xA9"), tag_key("e\xCC\x81te\xCC\x81"));  // composed and decomposed
  EXPECT_EQ(tag_key("\xE7\x8C\xAB"), "\xE7\x8C\xAB");
  EXPECT_EQ(tag_key(" \t\n"), "");
  EXPECT_NE(tag_key("cat"), tag_key("cats"));
}

TEST(Text, MeasuresColumns) {
  EXPECT_EQ(display_width("cat"), 3);
  EXPECT_EQ(display_width("\xE7\x8C\xAB"), 2);
  EXPECT_EQ(fit_width("a photo of a cat", 8), "a photo\xE2\x80\xA6");
  EXPECT_EQ(fit_width("cat", 3), "cat");
  EXPECT_EQ(display_width(fit_width("\xE7\x8C\xAB\xE7\x8C\xAB\xE7\x8C\xAB", 4)), 3);
}

TEST(Text, FindsWords) {
  EXPECT_EQ(folded_words("A man's RED-hat, 2nd"), (std::vector<std::string>{"a", "man", "s", "red", "hat", "2nd"}));
  EXPECT_EQ(folded_words("\xE7\x8C\xAB caf\xC3\xA9"), (std::vector<std::string>{"\xE7\x8C\xAB", "caf\xC3\xA9"}));
  EXPECT_TRUE(folded_words(" -- !").empty());
}

TEST(Text, SplitsAndTrims) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(trim("\t x y \n"), "x y");
  EXPECT_EQ(ascii_lower("AbÉ"), "abÉ");
}

TEST(Text, AnyBytesComeOutValid) {
  Random random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (uint64_t i = random.below(40); i > 0; --i)
      bytes += static_cast<char>(random.below(256));
    const std::string clean = valid_utf8(bytes);
    EXPECT_EQ(valid_utf8(clean), clean);
    EXPECT_EQ(terminal_safe(terminal_safe(bytes)), terminal_safe(bytes));
    EXPECT_EQ(tag_key(tag_key(bytes)), tag_key(bytes));
  }
}

TEST(Text, JoinsWithoutASeparatorAtEitherEnd) {
  EXPECT_EQ(join(std::vector<std::string>{}, ", "), "");
  EXPECT_EQ(join(std::vector<std::string>{"a"}, ", "), "a");
  EXPECT_EQ(join(std::vector<std::string_view>{"a", "", "c"}, ", "), "a, , c");
}

TEST(Text, ReplacesEachAndNotWhatWasPutIn) {
  std::string text = "a key, a key";
  replace_all(text, "key", "key=key");
  EXPECT_EQ(text, "a key=key, a key=key");
  replace_all(text, "nowhere", "x");
  EXPECT_EQ(text, "a key=key, a key=key");
}

}  // namespace
}  // namespace lookalike

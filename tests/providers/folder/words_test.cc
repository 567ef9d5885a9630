#include "providers/folder/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Words, PartsAtWhatIsNoLetterOrDigit) {
  EXPECT_THAT(search_words("A US 25-cent piece ($.25), “Sacagawea”!"),
              ElementsAre("a", "us", "25", "cent", "piece", "25", "sacagawea"));
  EXPECT_THAT(search_words("Ébène_noir/日本 Straße"), ElementsAre("ébène", "noir", "日本", "straße"));
  EXPECT_THAT(search_words(" .,;- "), IsEmpty());
  EXPECT_THAT(search_words(""), IsEmpty());
}

TEST(Words, MalformedBytesPartWords) {
  EXPECT_THAT(search_words("cat\xFF"
                           "dog\xC3"),
              ElementsAre("cat", "dog"));
  EXPECT_THAT(search_words(std::string_view("a\0b", 3)), ElementsAre("a", "b"));
}

TEST(Words, SingularAndPluralShareATerm) {
  const std::pair<const char*, const char*> pairs[]{
      {"cat", "cats"},      {"dog", "dogs"},     {"box", "boxes"},       {"cherry", "cherries"},
      {"house", "houses"},  {"horse", "horses"}, {"glass", "glasses"},   {"peach", "peaches"},
      {"brush", "brushes"}, {"shoe", "shoes"},   {"potato", "potatoes"}, {"cookie", "cookies"},
      {"cake", "cakes"},    {"axe", "axes"},     {"woman", "women"},     {"leaf", "leaves"},
      {"mouse", "mice"},    {"pie", "pies"},     {"bus", "buses"},       {"child", "children"}};
  for (const auto& [one, many] : pairs)
    EXPECT_EQ(match_term(one), match_term(many)) << one;
}

TEST(Words, DifferentWordsKeepDifferentTerms) {
  const std::pair<const char*, const char*> pairs[]{{"glass", "glas"}, {"bus", "bu"}, {"tennis", "tenni"},
                                                    {"cat", "car"},    {"gas", "ga"}, {"as", "a"}};
  for (const auto& [a, b] : pairs)
    EXPECT_NE(match_term(a), match_term(b)) << a;
}

TEST(Words, AccentsAndCaseDoNotCount) {
  EXPECT_EQ(match_term("Café"), match_term("cafes"));
  EXPECT_EQ(match_term("CAFE\xCC\x81"), match_term("café"));
  EXPECT_EQ(match_term("Straße"), match_term("STRASSE"));
  EXPECT_EQ(match_term("ΣΊΣΥΦΟΣ"), match_term("σίσυφος"));
}

TEST(Words, SentencesGiveTheirContentWords) {
  EXPECT_THAT(tags_of_sentence("A garlic bulb."), ElementsAre("garlic bulb", "garlic", "bulb"));
  EXPECT_THAT(tags_of_sentence("A fly."), ElementsAre("fly"));
  EXPECT_THAT(tags_of_sentence("An albino peahen (a female peafowl, or peacock)."),
              ElementsAre("albino", "peahen", "female", "peafowl", "peacock"));
  EXPECT_THAT(tags_of_sentence("A US 25 cent piece ($.25) called a quarter."),
              ElementsAre("us", "cent", "piece", "quarter"));
  EXPECT_THAT(tags_of_sentence("The letter Z."), ElementsAre("letter"));
  EXPECT_THAT(tags_of_sentence("Cats, cats and the CATS"), ElementsAre("cats"));
  EXPECT_THAT(tags_of_sentence("It is what it is"), IsEmpty());
}

TEST(Words, NamesGiveTheirWords) {
  EXPECT_THAT(tags_of_name("cementMixer"), ElementsAre("cement mixer", "cement", "mixer"));
  EXPECT_THAT(tags_of_name("sportscar2"), ElementsAre("sportscar"));
  EXPECT_THAT(tags_of_name("005nickel"), ElementsAre("nickel"));
  EXPECT_THAT(tags_of_name("tiger_sumatran-3"), ElementsAre("tiger sumatran", "tiger", "sumatran"));
}

TEST(Words, NamesOfCamerasAndServicesGiveNothing) {
  for (const char* name : {"IMG_1234", "DSC00017", "P1010001", "image_0001", "20200131_174455", "PXL_20230101",
                           "photos", "3f9a0c21d4e5b6a7", "49514337848_bbdbb5f761_b", "1", "_", "DCIM"}) {
    EXPECT_THAT(tags_of_name(name), IsEmpty()) << name;
  }
}

TEST(Words, KnowsStopWords) {
  EXPECT_TRUE(is_stop_word("the"));
  EXPECT_TRUE(is_stop_word("a"));
  EXPECT_TRUE(is_stop_word("your"));
  EXPECT_FALSE(is_stop_word("cat"));
  EXPECT_FALSE(is_stop_word(""));
}

}  // namespace
}  // namespace lookalike

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "models/labels.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> words_of(std::string_view class_name) {
  std::vector<std::string> words;
  for (const ClassFamily& family : families_of_class(class_name))
    words.emplace_back(family.word);
  return words;
}

TEST(ClassFamilies, AreInEverydayWordsNarrowestFirst) {
  EXPECT_THAT(words_of("golden retriever"), ElementsAre("dog", "animal"));
  EXPECT_THAT(words_of("tabby, tabby cat"), ElementsAre("cat", "feline", "animal"));
  EXPECT_THAT(words_of("sports car, sport car"), ElementsAre("car", "vehicle"));
  EXPECT_THAT(words_of("toilet tissue, toilet paper, bathroom tissue"), ElementsAre("paper"));
}

TEST(ClassFamilies, CountTheirClasses) {
  for (const ClassFamily& family : families_of_class("golden retriever")) {
    int classes = 0;
    for (const std::string_view label : imagenet_labels()) {
      const auto of_label = words_of(label);
      classes += std::count(of_label.begin(), of_label.end(), family.word) > 0 ? 1 : 0;
    }
    EXPECT_EQ(family.classes, classes) << family.word;
  }
}

TEST(ClassFamilies, AreNoneForOtherNames) {
  EXPECT_THAT(families_of_class("class 7"), IsEmpty());
  EXPECT_THAT(families_of_class(""), IsEmpty());
}

TEST(ClassFamilies, AreWordsOfSmallLetters) {
  for (const std::string_view label : imagenet_labels()) {
    for (const ClassFamily& family : families_of_class(label)) {
      EXPECT_TRUE(std::all_of(family.word.begin(), family.word.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
          << label << ": " << family.word;
      EXPECT_GE(family.classes, 1);
    }
  }
}

}  // namespace
}  // namespace lookalike

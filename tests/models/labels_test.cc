#include "models/labels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

TEST(ImagenetLabels, AreTheThousandInOrder) {
  const auto labels = imagenet_labels();
  ASSERT_EQ(labels.size(), 1000u);
  EXPECT_EQ(labels[0], "tench, Tinca tinca");
  EXPECT_EQ(labels[281], "tabby, tabby cat");
  EXPECT_EQ(labels[400], "academic gown, academic robe, judge's robe");
  EXPECT_EQ(labels[817], "sports car, sport car");
  EXPECT_EQ(labels[999], "toilet tissue, toilet paper, bathroom tissue");
}

TEST(ImagenetLabels, AreCleanText) {
  for (const std::string_view label : imagenet_labels()) {
    EXPECT_FALSE(label.empty());
    EXPECT_EQ(trim(label), label);
    EXPECT_EQ(terminal_safe(label), label);
  }
}

TEST(ImagenetLabels, BackgroundComesFirstOfAThousandAndOne) {
  const auto labels = labels_for_classes(1001);
  ASSERT_EQ(labels.size(), 1001u);
  EXPECT_EQ(labels[0], "background");
  EXPECT_EQ(labels[1], "tench, Tinca tinca");
  EXPECT_EQ(labels[282], "tabby, tabby cat");
  EXPECT_EQ(labels_for_classes(1000)[281], "tabby, tabby cat");
}

TEST(ImagenetLabels, OtherNumbersOfClassesHaveNoNames) {
  EXPECT_TRUE(labels_for_classes(0).empty());
  EXPECT_TRUE(labels_for_classes(10).empty());
  EXPECT_TRUE(labels_for_classes(-1).empty());
}

TEST(ImagenetLabels, AgreeWithTheSharedList) {
  const char* shared = std::getenv("LOOKALIKE_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "LOOKALIKE_SHARED is not set: there is no list to compare with";
  std::ifstream file(std::string(shared) + "/labels/imagenet_classes_tfjs_mobilenet_1000.txt");
  if (!file) GTEST_SKIP() << "LOOKALIKE_SHARED holds no labels";
  std::string line;
  for (const std::string_view label : imagenet_labels()) {
    ASSERT_TRUE(std::getline(file, line));
    EXPECT_EQ(line, label);
  }
}

}  // namespace
}  // namespace lookalike

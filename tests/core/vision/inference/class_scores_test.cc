#include "core/vision/inference/class_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace lookalike {
namespace {

using testing::HasSubstr;

NetworkSpec labelled(std::vector<std::string> labels) {
  NetworkSpec spec;
  spec.labels = std::move(labels);
  return spec;
}

TEST(ClassScores, SoftmaxSortsAndNames) {
  const std::vector<float> logits = {1, 3, 2};
  const auto classes = most_probable(logits, labelled({"a", "b", "c"}), 2);
  ASSERT_EQ(classes.size(), 2u);
  EXPECT_EQ(classes[0].name, "b");
  EXPECT_EQ(classes[0].index, 1);
  EXPECT_NEAR(classes[0].probability, 1 / (1 + std::exp(-1.0) + std::exp(-2.0)), 1e-12);
  EXPECT_EQ(classes[1].name, "c");
}

TEST(ClassScores, LargeLogitsDoNotOverflow) {
  const std::vector<float> logits = {3e38f, -3e38f, 2.9e38f};
  const auto classes = most_probable(logits, {}, 3);
  EXPECT_EQ(classes[0].probability, 1);
  EXPECT_EQ(classes[1].probability, 0);
}

TEST(ClassScores, OneLabelFewerMeansABackground) {
  const std::vector<float> logits = {100, 0, 0};
  const auto classes = most_probable(logits, labelled({"a", "b"}), 5);
  ASSERT_EQ(classes.size(), 2u);
  EXPECT_EQ(classes[0].name, "a");
  EXPECT_EQ(classes[0].index, 0);
  EXPECT_NEAR(classes[0].probability, 0.5, 1e-12);
}

TEST(ClassScores, BackgroundOfAThousandAndOneIsLeftOut) {
  std::vector<float> logits(1001, 0.0f);
  logits[0] = 50;
  logits[282] = 20;
  std::vector<std::string> labels(1001, "other");
  labels[282] = "tabby, tabby cat";
  const auto with_labels = most_probable(logits, labelled(labels), 1);
  EXPECT_EQ(with_labels[0].index, 282);
  EXPECT_EQ(with_labels[0].name, "tabby, tabby cat");
  labels.erase(labels.begin());
  const auto with_fewer = most_probable(logits, labelled(labels), 1);
  EXPECT_EQ(with_fewer[0].index, 281);
  EXPECT_EQ(with_fewer[0].name, "tabby, tabby cat");
  const auto without = most_probable(logits, {}, 1);
  EXPECT_EQ(without[0].name, "class 282");
}

TEST(ClassScores, ProbabilitiesAreNotSoftenedAgain) {
  NetworkSpec spec = labelled({"a", "b"});
  spec.logits_are_probabilities = true;
  const std::vector<float> outputs = {0.5f, 0.1f, 0.4f};
  const auto classes = most_probable(outputs, spec, 2);
  EXPECT_EQ(classes[0].name, "b");
  EXPECT_NEAR(classes[0].probability, 0.8, 1e-6);
}

TEST(ClassScores, NothingButBackgroundIsNoDivisionByZero) {
  NetworkSpec spec = labelled({"a", "b"});
  spec.logits_are_probabilities = true;
  const std::vector<float> outputs = {1, 0, 0};
  for (const auto& entry : most_probable(outputs, spec, 2))
    EXPECT_EQ(entry.probability, 0);
}

TEST(ClassScores, EqualOnesKeepTheirOrder) {
  const std::vector<float> logits(6, 1.0f);
  const auto classes = most_probable(logits, {}, 4);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(classes[static_cast<size_t>(i)].index, i);
}

TEST(ClassScores, NoneAskedForNoneGiven) {
  EXPECT_TRUE(most_probable(std::vector<float>{1, 2}, {}, 0).empty());
}

TEST(ClassScores, LabelsMustFit) {
  const NetworkSpec spec = labelled(std::vector<std::string>(1000));
  EXPECT_TRUE(check_labels(spec, 1000).ok());
  EXPECT_TRUE(check_labels(spec, 1001).ok());
  EXPECT_TRUE(check_labels({}, 7).ok());
  const Status wrong = check_labels(spec, 999);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::model);
  EXPECT_THAT(wrong.error().message, HasSubstr("999 classes"));
}

}  // namespace
}  // namespace lookalike

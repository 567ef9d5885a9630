#include "core/vision/inference/network_classes.h"

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

using testing::AllOf;
using testing::Not;

const std::vector<std::string> kLabels = {"tench, Tinca tinca",       "crane",   "sports car, sport car", "crane",
                                          "maillot, tank suit, wear", "maillot", "Eskimo dog, husky"};

size_t found(std::string_view text) {
  const auto result = find_class(kLabels, text);
  EXPECT_TRUE(result.ok()) << text << ": " << (result.ok() ? "" : result.error().message);
  return result.ok() ? result->index : 99;
}

std::string refusal(std::string_view text, std::span<const std::string> labels = kLabels) {
  const auto result = find_class(labels, text);
  EXPECT_FALSE(result.ok()) << text;
  if (result.ok()) return "";
  EXPECT_EQ(result.error().code, ErrorCode::usage);
  return result.error().message;
}

TEST(ClassFinder, TakesNamesSynonymsAndNumbersInAnyCase) {
  EXPECT_EQ(found("sports car"), 2u);
  EXPECT_EQ(found("Sport  CAR "), 2u);
  EXPECT_EQ(found("sports car, sport car"), 2u);
  EXPECT_EQ(found("HUSKY"), 6u);
  EXPECT_EQ(found("#0"), 0u);
  EXPECT_EQ(found(" #6 "), 6u);
  EXPECT_EQ(find_class(kLabels, "tinca TINCA")->name, "tench, Tinca tinca");
}

TEST(ClassFinder, AWholeNameGoesBeforeSynonyms) {
  EXPECT_EQ(found("maillot"), 5u);
  EXPECT_EQ(found("tank suit"), 4u);
}

TEST(ClassFinder, SeveralClassesOfOneNameAreToldApartByNumber) {
  EXPECT_THAT(refusal("crane"), AllOf(HasSubstr("#1 (crane)"), HasSubstr("#3 (crane)")));
}

TEST(ClassFinder, AnUnknownNameIsAnsweredWithTheNearest) {
  EXPECT_THAT(refusal("sprots car"), HasSubstr("near it: sport"));
  EXPECT_THAT(refusal("car"), HasSubstr("near it: sport car, sports car"));
  EXPECT_THAT(refusal(std::string(100'000, 'x')), HasSubstr("near it"));
  EXPECT_THAT(refusal("\x1b[2J"), Not(HasSubstr("\x1b")));
}

TEST(ClassFinder, WrongNumbersAreRefused) {
  EXPECT_THAT(refusal("#7"), HasSubstr("#0 to #6"));
  for (const char* text : {"#", "#x", "#1x", "#-1", "#99999999999999999999", "", "  "})
    refusal(text);
}

TEST(ClassFinder, WithoutNamesOnlyNumbersDo) {
  EXPECT_THAT(refusal("tabby", {}), HasSubstr("class:#281"));
  EXPECT_EQ(find_class({}, "#7")->index, 7u);
  EXPECT_EQ(find_class({}, "#7")->name, "class 7");
}

}  // namespace
}  // namespace lookalike

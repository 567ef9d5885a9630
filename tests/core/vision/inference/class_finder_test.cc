#include "core/vision/inference/class_finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;
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

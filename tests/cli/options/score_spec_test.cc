#include "cli/options/score_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace lookalike {
namespace {

TEST(ScoreSpec, IsAKindAndItsArgument) {
  const auto spec = parse_score_spec("class: sports car, sport car");
  ASSERT_TRUE(spec.ok());
  EXPECT_EQ(spec->kind, ScoreKind::class_output);
  EXPECT_EQ(spec->argument, "sports car, sport car");
  EXPECT_EQ(spec->text, "class: sports car, sport car");
}

TEST(ScoreSpec, ACommandIsTakenWithAllItsColons) {
  const auto program = parse_score_spec("program:python3 score.py --mode class:x");
  ASSERT_TRUE(program.ok());
  EXPECT_EQ(program->kind, ScoreKind::program);
  EXPECT_EQ(program->argument, "python3 score.py --mode class:x");
  const auto network = parse_score_spec("network:my models/taste.onnx");
  ASSERT_TRUE(network.ok());
  EXPECT_EQ(network->kind, ScoreKind::network);
  EXPECT_EQ(network->argument, "my models/taste.onnx");
}

TEST(ScoreSpec, AWeightMayStandBeforeIt) {
  const auto weighted = [](const char* text) { return *parse_score_spec(text)->weight; };
  EXPECT_EQ(weighted("0.3*class:tabby"), 0.3);
  EXPECT_EQ(weighted("-2 * class:tabby"), -2);
  EXPECT_EQ(weighted("+.5*likeness"), 0.5);
  EXPECT_EQ(weighted("1e-3*program:score *.jpg"), 1e-3);
  const auto spec = parse_score_spec(" 0.3 * class: tabby");
  EXPECT_EQ(spec->text, "class: tabby");
  EXPECT_EQ(spec->argument, "tabby");
  EXPECT_FALSE(parse_score_spec("likeness")->weight);
  EXPECT_FALSE(parse_score_spec("program:ls 2*class:cat")->weight) << "a command's own stars are its own";
}

TEST(ScoreSpec, WeightsThatWeighNothingOrAllAreRefused) {
  for (const char* text :
       {"0*likeness", "-0*likeness", "nan*likeness", "inf*likeness", "1e7*likeness", "1e999*likeness", "x*likeness",
        "*likeness", "0.5x*likeness", "--1*likeness", "0,5*likeness"}) {
    const auto spec = parse_score_spec(text);
    ASSERT_FALSE(spec.ok()) << text;
    EXPECT_EQ(spec.error().code, ErrorCode::usage);
    EXPECT_THAT(spec.error().message, testing::HasSubstr("a number other than 0")) << text;
  }
}

TEST(ScoreSpec, SeveralAreSaidAsTheirSum) {
  std::vector<ScoreSpec> scores;
  EXPECT_EQ(score_text(scores), "");
  EXPECT_FALSE(are_mixed(scores));
  for (const char* text : {"-0.7*likeness", "class:tabby", "-1*program:a * b", "0.1*network:x.onnx"})
    scores.push_back(*parse_score_spec(text));
  EXPECT_TRUE(are_mixed(scores));
  EXPECT_EQ(score_text(scores), "-0.7*likeness + class:tabby - program:a * b + 0.1*network:x.onnx");
}

TEST(ScoreSpec, ALoneOneCountsAsItIsUnlessItHasAWeight) {
  const auto mixed = [](const char* text) { return are_mixed(std::vector{*parse_score_spec(text)}); };
  EXPECT_FALSE(mixed("class:tabby"));
  EXPECT_FALSE(mixed("program:x"));
  EXPECT_TRUE(mixed("2*class:tabby"));
  EXPECT_TRUE(mixed("likeness"));
}

TEST(ScoreSpec, OtherFormsAreRefusedWithAnExample) {
  for (const char* text : {"", "Likeness", "likeness:", "0.5*", "0.5*beauty", "0.5*0.5*likeness", "class",
                           "class:", "class:  ", "Class:cat", "cat", "program:", "network: ", "http://x"}) {
    const auto spec = parse_score_spec(text);
    ASSERT_FALSE(spec.ok()) << text;
    EXPECT_EQ(spec.error().code, ErrorCode::usage);
    EXPECT_THAT(spec.error().message, testing::HasSubstr("class:NAME"));
  }
}

}  // namespace
}  // namespace lookalike

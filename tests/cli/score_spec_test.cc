#include "cli/score_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(ScoreSpec, OtherFormsAreRefusedWithAnExample) {
  for (const char* text :
       {"", "class", "class:", "class:  ", "Class:cat", "cat", "program:", "network: ", "http://x"}) {
    const auto spec = parse_score_spec(text);
    ASSERT_FALSE(spec.ok()) << text;
    EXPECT_EQ(spec.error().code, ErrorCode::usage);
    EXPECT_THAT(spec.error().message, testing::HasSubstr("class:NAME"));
  }
}

}  // namespace
}  // namespace lookalike

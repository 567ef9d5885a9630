#include "cli/query/class_guesses.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(ClassGuesses, CarryTheirFamilies) {
  const std::vector<ClassProbability> classes = {{.index = 208, .name = "golden retriever", .probability = 0.5},
                                                 {.index = 3, .name = "of another network", .probability = 0.1}};
  const auto guesses = class_guesses(classes);
  ASSERT_EQ(guesses.size(), 2u);
  EXPECT_EQ(guesses[0].name, "golden retriever");
  EXPECT_EQ(guesses[0].probability, 0.5);
  ASSERT_FALSE(guesses[0].families.empty());
  EXPECT_EQ(guesses[0].families[0].word, "dog");
  EXPECT_TRUE(guesses[1].families.empty());
}

}  // namespace
}  // namespace lookalike

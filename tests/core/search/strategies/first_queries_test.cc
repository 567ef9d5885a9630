#include "core/search/strategies/first_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

const Strategy& strategy(std::string_view name) {
  return **find_strategy(name);
}

const std::vector<ClassFamily> kDogs = {{"dog", 116}, {"animal", 385}};

TEST(FirstQueries, AreTheTenClassesByTheirNames) {
  std::vector<ClassGuess> guesses;
  for (int i = 0; i < 15; ++i)
    guesses.push_back({"breed " + std::to_string(i) + ", other", 0.05, kDogs});
  const auto queries = first_queries(guesses, strategy("greedy"));
  ASSERT_THAT(queries, SizeIs(10));
  EXPECT_THAT(queries.front(), ElementsAre("breed 0", "other", "dog", "animal")) << "families are the last resort";
  EXPECT_THAT(first_queries(guesses, strategy("clear")).front(), ElementsAre("breed 0 other"));
}

TEST(FirstQueries, AskForTheFamilyFirstWhenTheBreedsAreUnsure) {
  std::vector<ClassGuess> guesses;
  for (int i = 0; i < 30; ++i)
    guesses.push_back({"breed " + std::to_string(i), 0.03, kDogs});
  const auto queries = first_queries(guesses, strategy("adaptive"));
  ASSERT_THAT(queries, SizeIs(12));
  EXPECT_THAT(queries[0], ElementsAre("dog"));
  EXPECT_THAT(queries[1], ElementsAre("animal"));
  EXPECT_THAT(queries[2], ElementsAre("breed 0"));
}

TEST(FirstQueries, AskForASureClassBeforeItsFamily) {
  const std::vector<ClassGuess> guesses = {{"tabby, tabby cat", 0.9, {{"cat", 7}}}, {"sofa", 0.01, {}}};
  EXPECT_THAT(first_queries(guesses, strategy("adaptive")),
              ElementsAre(ElementsAre("tabby", "tabby cat"), ElementsAre("cat"), ElementsAre("sofa")));
}

TEST(FirstQueries, OfAllClassesAreOfNoFamily) {
  const std::vector<ClassGuess> guesses = {{"one", 0.5, {{"thing", 1000}}}, {"two", 0.1, {{"thing", 1000}}}};
  EXPECT_THAT(first_queries(guesses, strategy("adaptive")),
              ElementsAre(ElementsAre("one"), ElementsAre("two"), ElementsAre("thing")));
}

TEST(FirstQueries, OfNothingAreNone) {
  EXPECT_THAT(first_queries({}, strategy("adaptive")), SizeIs(0));
  EXPECT_THAT(first_queries({}, strategy("clear")), SizeIs(0));
}

TEST(ClassQueries, AsTheOriginalLoseOnlyTheCommas) {
  EXPECT_THAT(class_queries("tabby, tabby cat", false), ElementsAre("tabby tabby cat"));
  EXPECT_THAT(class_queries("pajama, pyjama, pj's, jammies", false), ElementsAre("pajama pyjama pj's jammies"));
}

TEST(ClassQueries, SynonymsAreAlternatives) {
  EXPECT_THAT(class_queries("giant panda, panda,, coon bear ", true), ElementsAre("giant panda", "panda", "coon bear"));
  EXPECT_THAT(class_queries("Great Dane", true), ElementsAre("Great Dane"));
}

}  // namespace
}  // namespace lookalike

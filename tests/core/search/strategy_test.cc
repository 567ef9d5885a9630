#include "core/search/strategy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;

TEST(Strategy, IsFoundByName) {
  ASSERT_TRUE(find_strategy("clear").ok());
  EXPECT_EQ((*find_strategy("clear"))->photos_per_call, 30);
  const auto unknown = find_strategy("magic");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::usage);
  EXPECT_NE(unknown.error().message.find("greedy, clear"), std::string::npos);
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

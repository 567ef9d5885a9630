#include "core/search/session/search_log.h"

#include <gtest/gtest.h>

#include <cmath>

namespace lookalike {
namespace {

TEST(SearchLog, KeepsTheOrderOfAskingWhateverComesBackFirst) {
  SearchLog log;
  const size_t dog = log.ask({.words = "dog", .why = AskReason::first_query});
  const size_t sea = log.ask({.words = "sea", .why = AskReason::general_word});
  log.answer(sea, 7, 5);
  log.fail(dog);
  ASSERT_EQ(log.queries().size(), 2u);
  EXPECT_EQ(log.queries()[0].words, "dog");
  EXPECT_TRUE(log.queries()[0].failed);
  EXPECT_EQ(log.queries()[0].photos, 0);
  EXPECT_FALSE(log.queries()[1].failed);
  EXPECT_EQ(log.queries()[1].photos, 7);
  EXPECT_EQ(log.queries()[1].new_photos, 5);
}

TEST(SearchLog, ScoresGoToTheQueryThatBroughtThePhoto) {
  SearchLog log;
  const size_t dog = log.ask({.words = "dog"});
  const size_t wolf = log.ask({.words = "wolf"});
  log.score(wolf, -3, true);
  log.score(dog, -5, false);
  log.score(wolf, 2, true);
  log.score(wolf, 1, false);
  const AskedQuery& query = log.queries()[wolf];
  EXPECT_EQ(query.scores.count(), 3);
  EXPECT_NEAR(query.scores.log_mean(), std::log((std::exp(-3.0) + std::exp(2.0) + std::exp(1.0)) / 3), 1e-12);
  EXPECT_EQ(query.best_log_score, 2);
  EXPECT_EQ(query.times_best, 2);
  EXPECT_EQ(log.queries()[dog].best_log_score, -5) << "the best of what there is may be bad";
  EXPECT_EQ(log.queries()[dog].times_best, 0);
}

TEST(SearchLog, ReasonsHaveNames) {
  EXPECT_STREQ(to_string(AskReason::first_query), "first query");
  EXPECT_STREQ(to_string(AskReason::general_word), "general word");
  EXPECT_STREQ(to_string(AskReason::tag), "tag");
}

}  // namespace
}  // namespace lookalike

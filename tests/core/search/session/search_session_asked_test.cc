// The story that a session keeps of its queries (search_log.h), for strategies of every kind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/search/session/search_session.h"
#include "tests/core/search/session/fake_service.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::Field;
using testing::SizeIs;

class SearchSessionAskedTest : public testing::Test {
 protected:
  void add_kind(const std::string& kind, int count, float value, std::vector<std::string> more_tags = {}) {
    more_tags.push_back(kind);
    for (int i = 0; i < count; ++i)
      service_.add({kind + std::to_string(i), more_tags, value + static_cast<float>(i) * 0.01f});
  }

  SearchOutcome search(const std::string& strategy, Random* shuffle = nullptr) {
    service_.asked.clear();
    SearchSession session(options_, **find_strategy(strategy), scorer_);
    SearchOutcome outcome = run_session(session, service_, shuffle);
    EXPECT_EQ(session.queries_asked(), outcome.asked.size());
    return outcome;
  }

  static const AskedQuery& query(const SearchOutcome& outcome, const std::string& words) {
    for (const AskedQuery& asked : outcome.asked) {
      if (asked.words == words) return asked;
    }
    ADD_FAILURE() << words << " was not asked";
    return outcome.asked.front();
  }

  FakeService service_;
  ValueScorer scorer_;
  SearchOptions options_{.parallel = 1, .backlog = 1, .first_queries = {{"dog"}, {"stone"}}};
};

// A wrong start: the first queries bring bad photos, one of which has the tag that leads to the good ones.
TEST_F(SearchSessionAskedTest, TellsHowABadStartWasLeft) {
  add_kind("dog", 3, -2, {"grass"});
  add_kind("grass", 20, 5);
  options_.max_images = 20;
  for (const char* strategy : {"greedy", "adaptive"}) {
    const SearchOutcome outcome = search(strategy);
    std::vector<std::string> words;
    for (const AskedQuery& asked : outcome.asked)
      words.push_back(asked.words);
    EXPECT_EQ(words, service_.asked) << strategy;
    const AskedQuery& dog = query(outcome, "dog");
    EXPECT_EQ(dog.why, AskReason::first_query);
    EXPECT_EQ(dog.photos, 3);
    EXPECT_EQ(dog.new_photos, 3);
    EXPECT_EQ(dog.expected.count(), 0);
    const AskedQuery& stone = query(outcome, "stone");
    EXPECT_EQ(stone.photos, 0);
    EXPECT_EQ(stone.scores.count(), 0);
    const AskedQuery& grass = query(outcome, "grass");
    EXPECT_EQ(grass.why, AskReason::tag);
    EXPECT_GT(grass.expected.count(), 0) << strategy << ": it was seen on a dog's photo";
    EXPECT_GT(grass.scored_before, 0);
    EXPECT_GT(grass.photos, 19);
    EXPECT_NEAR(grass.best_log_score, outcome.photos.front().score.log_score, 1e-9) << strategy;
    EXPECT_GT(grass.times_best, 0);
  }
}

TEST_F(SearchSessionAskedTest, EveryScoredPhotoIsCountedUnderOneQuery) {
  for (int i = 0; i < 60; ++i)
    service_.add({"p" + std::to_string(i),
                  {i % 2 == 0 ? "dog" : "stone", "own" + std::to_string(i % 7), "sea"},
                  static_cast<float>(i % 11) - 5});
  options_.parallel = options_.backlog = 5;
  options_.max_images = 45;
  Random shuffle(3);
  for (const char* strategy : {"greedy", "clear", "adaptive", "ucb", "tiara-s", "classes-only"}) {
    const SearchOutcome outcome = search(strategy, &shuffle);
    int scored = 0;
    int bests = 0;
    double best = -std::numeric_limits<double>::infinity();
    for (const AskedQuery& asked : outcome.asked) {
      scored += asked.scores.count();
      bests += asked.times_best;
      if (asked.scores.count() > 0) best = std::max(best, asked.best_log_score);
      EXPECT_LE(asked.scores.log_mean(), asked.scores.count() > 0 ? asked.best_log_score + 1e-9 : 0) << strategy;
    }
    EXPECT_EQ(scored, outcome.counts.images_scored) << strategy;
    EXPECT_EQ(best, outcome.photos.front().score.log_score) << strategy;
    EXPECT_GT(bests, 0);
  }
}

TEST_F(SearchSessionAskedTest, GeneralWordsAndFailuresAreTold) {
  options_.first_queries = {{"nothing", "neither"}};
  const SearchOutcome outcome = search("greedy");
  EXPECT_EQ(query(outcome, "nothing").why, AskReason::first_query);
  EXPECT_EQ(query(outcome, "neither").why, AskReason::first_query) << "its other name";
  EXPECT_EQ(query(outcome, "nature").why, AskReason::general_word);
  service_.call_fault = [](const PhotoQuery&) { return Error{ErrorCode::usage, "too many words"}; };
  EXPECT_THAT(search("greedy").asked, AllOf(SizeIs(testing::Gt(2u)), Each(Field(&AskedQuery::failed, true))));
}

// Each page is a query of its own.
TEST_F(SearchSessionAskedTest, PagesAreTold) {
  add_kind("dog", 150, 1);
  options_.max_images = 130;
  const SearchOutcome outcome = search("greedy");
  EXPECT_THAT(outcome.asked, Contains(AllOf(Field(&AskedQuery::words, "dog"), Field(&AskedQuery::page, 1),
                                            Field(&AskedQuery::new_photos, 100))));
  EXPECT_THAT(outcome.asked, Contains(AllOf(Field(&AskedQuery::words, "dog"), Field(&AskedQuery::page, 2),
                                            Field(&AskedQuery::new_photos, 50))));
}

}  // namespace
}  // namespace lookalike

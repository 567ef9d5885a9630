// Slots, the backlog of unscored photos, and searches that begin before their query is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "core/search/session/search_session.h"
#include "tests/core/search/session/fake_service.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TransferCost kOneRequest{.requests = 1, .bytes = 1000};

std::vector<std::string> texts_of(const std::vector<Command>& commands) {
  std::vector<std::string> texts;
  for (const Command& command : commands) {
    if (const auto* ask = std::get_if<AskCommand>(&command)) texts.push_back(ask->query.text);
  }
  return texts;
}

class SearchSessionTransfersTest : public testing::Test {
 protected:
  SearchSessionTransfersTest() {
    for (int kind = 0; kind < 12; ++kind) {
      const std::string tag = "kind" + std::to_string(kind);
      options_.first_queries.push_back({tag});
      for (int i = 0; i < 20; ++i)
        service_.add({tag + "-" + std::to_string(i), {tag, "own-" + tag + std::to_string(i)}, 1.0f * float(kind)});
    }
  }

  SearchSession session(const std::string& strategy) { return {options_, **find_strategy(strategy), scorer_}; }
  static SearchQuery query(std::vector<std::vector<std::string>> first_queries) {
    return {.scorer = std::make_shared<ValueScorer>(), .first_queries = std::move(first_queries)};
  }

  // Answers what is asked, until only looks are under way; these.
  std::vector<LookCommand> looks(SearchSession& search) {
    std::vector<LookCommand> looks;
    for (auto commands = search.next_commands(); !commands.empty(); commands = search.next_commands()) {
      for (const Command& command : commands) {
        if (const auto* ask = std::get_if<AskCommand>(&command))
          search.on_photos(ask->ticket, service_.answer(ask->query));
        else
          looks.push_back(std::get<LookCommand>(command));
      }
    }
    return looks;
  }

  FakeService service_;
  ValueScorer scorer_;
  SearchOptions options_{.parallel = 4, .backlog = 2};
};

TEST_F(SearchSessionTransfersTest, ASlotIsFreeWhenItsTransferIsOver) {
  auto search = session("greedy");
  const auto first = looks(search);
  ASSERT_THAT(first, SizeIs(4));
  search.on_transferred(first[0].ticket, kOneRequest);
  EXPECT_THAT(looks(search), SizeIs(1));
  EXPECT_EQ(search.counts().images_downloaded, 1);
  EXPECT_EQ(search.counts().images_scored, 0);
  search.on_features(first[0].ticket, service_.features(*first[0].photo));
  EXPECT_EQ(search.counts().images_downloaded, 1);  // told twice, counted once
  EXPECT_EQ(search.counts().bytes - 100 * search.counts().api_calls, 1000);
  (void)search.next_commands();
  EXPECT_EQ(search.counts().images_scored, 1);
}

TEST_F(SearchSessionTransfersTest, AFullBacklogHoldsTransfersBack) {
  auto search = session("greedy");
  const auto first = looks(search);
  search.on_transferred(first[0].ticket, kOneRequest);
  EXPECT_THAT(looks(search), SizeIs(1));
  search.on_transferred(first[1].ticket, kOneRequest);
  search.on_transferred(first[2].ticket, kOneRequest);
  EXPECT_THAT(looks(search), IsEmpty());
  search.on_features(first[0].ticket, service_.features(*first[0].photo));
  EXPECT_THAT(looks(search), IsEmpty());  // two are still here
  search.on_features(first[1].ticket, service_.features(*first[1].photo));
  EXPECT_THAT(looks(search), SizeIs(2));
}

TEST_F(SearchSessionTransfersTest, OneAtATimeFetchesNothingBesideWhatIsUnscored) {
  options_.parallel = 1;
  options_.backlog = 1;
  auto search = session("greedy");
  const auto first = looks(search);
  ASSERT_THAT(first, SizeIs(1));
  search.on_transferred(first[0].ticket, kOneRequest);
  EXPECT_THAT(looks(search), IsEmpty());
  search.on_features(first[0].ticket, service_.features(*first[0].photo));
  EXPECT_THAT(looks(search), SizeIs(1));
}

TEST_F(SearchSessionTransfersTest, PhotosOnThisDiskAreBoundedByTheBacklogAlone) {
  service_.on_this_disk = true;
  options_.first_queries.resize(1);
  for (const char* strategy : {"greedy", "adaptive"}) {
    auto search = session(strategy);
    EXPECT_LE(looks(search).size(), 2u) << strategy;
    EXPECT_FALSE(search.finished());
  }
}

TEST_F(SearchSessionTransfersTest, TellingOfTransfersCostsAndFindsNoLess) {
  options_.max_images = 40;
  for (const char* strategy : {"greedy", "adaptive", "clear"}) {
    SearchOutcome outcomes[2];
    for (const bool told : {false, true}) {
      service_.tells_transfers = told;
      auto search = session(strategy);
      outcomes[told] = run_session(search, service_);
    }
    EXPECT_EQ(outcomes[0].counts.images_downloaded, outcomes[1].counts.images_downloaded) << strategy;
    EXPECT_EQ(outcomes[0].counts.images_scored, outcomes[1].counts.images_scored) << strategy;
    EXPECT_EQ(outcomes[0].stopped_by, outcomes[1].stopped_by) << strategy;
  }
}

// What a search found and asked, as one text.
std::string story_of(const SearchOutcome& outcome) {
  std::string story;
  for (const FoundPhoto& photo : outcome.photos)
    story += std::to_string(photo.number) + ":" + photo.photo.id + " ";
  for (const AskedQuery& query : outcome.asked)
    story += query.words + "/" + std::to_string(query.page) + "=" + std::to_string(query.new_photos) + " ";
  return story + to_string(outcome.stopped_by);
}

TEST_F(SearchSessionTransfersTest, NeitherArrivalsNorSlotsNorACacheChangeWhatIsFound) {
  options_.max_images = 50;
  options_.max_calls = 30;
  for (const Strategy& strategy : strategies()) {
    std::string expected;
    for (uint64_t seed = 0; seed < 24; ++seed) {
      options_.parallel = std::array{1, 4, 10, 40}[seed % 4];
      options_.backlog = std::array{1, 2, 30}[seed % 3];
      service_.cached = seed % 5 == 4;
      service_.tells_transfers = seed % 2 == 1;
      service_.on_this_disk = seed % 7 == 6;
      Random order(seed);
      SearchSession search(options_, strategy, scorer_);
      const SearchOutcome outcome = run_session(search, service_, &order);
      EXPECT_TRUE(outcome.repeatable);
      EXPECT_LE(outcome.counts.images_downloaded, 50);
      EXPECT_LE(outcome.counts.api_calls, 30);
      EXPECT_EQ(outcome.counts.images_scored, static_cast<int>(outcome.photos.size()));
      if (seed == 0) expected = story_of(outcome);
      EXPECT_EQ(story_of(outcome), expected) << strategy.name << " " << seed;
    }
  }
}

// The query may become known at any moment, also before or after what was asked without it has been answered.
TEST_F(SearchSessionTransfersTest, WhenTheQueryBecomesKnownChangesNothing) {
  options_.max_images = 30;
  options_.first_queries = {{"kind3"}, {"kind4"}};
  const std::vector<std::vector<std::string>> seen = {{"kind5"}, {"kind6"}};
  for (const char* strategy : {"adaptive", "greedy", "clear"}) {
    std::string stories[2];
    for (const bool late : {false, true}) {
      SearchSession search(options_, **find_strategy(strategy));
      if (!late) search.on_query(query(seen));
      if (late) {
        EXPECT_THAT(looks(search), IsEmpty()) << "answers are kept until it is known what for";
        search.on_query(query(seen));
      }
      stories[late] = story_of(run_session(search, service_));
    }
    EXPECT_EQ(stories[0], stories[1]) << strategy;
  }
}

TEST_F(SearchSessionTransfersTest, AReportThatDoesNotComeIsLetGoAndStillTakenInLater) {
  auto search = session("adaptive");
  auto under_way = looks(search);
  ASSERT_GE(under_way.size(), 3u);
  const LookCommand stuck = under_way.front();
  under_way.erase(under_way.begin());
  int let_go = 0;
  while (!under_way.empty()) {
    const LookCommand next = under_way.back();
    under_way.pop_back();
    search.on_features(next.ticket, service_.features(*next.photo));
    for (const LookCommand& look : looks(search))
      under_way.push_back(look);
    if (!under_way.empty() || !search.held_up_by()) continue;
    EXPECT_EQ(*search.held_up_by(), stuck.ticket);
    search.let_go();
    ++let_go;
    under_way = looks(search);
  }
  EXPECT_EQ(let_go, 1);
  const int scored = search.counts().images_scored;
  EXPECT_GT(scored, 100);
  EXPECT_FALSE(search.finished());
  search.on_features(stuck.ticket, service_.features(*stuck.photo));
  EXPECT_EQ(search.counts().images_scored, scored + 1);
  const SearchOutcome outcome = run_session(search, service_);
  EXPECT_EQ(outcome.counts.images_downloaded, options_.max_images);
  EXPECT_FALSE(outcome.repeatable);
}

TEST_F(SearchSessionTransfersTest, WhatIsHereIsTakenInWhenASearchEndsBeforeItsTime) {
  auto search = session("adaptive");
  const auto under_way = looks(search);
  ASSERT_GE(under_way.size(), 3u);
  search.on_features(under_way.back().ticket, service_.features(*under_way.back().photo));
  EXPECT_EQ(search.outcome().photos.size(), 0u) << "it is not its turn";
  search.take_in_all();
  const SearchOutcome outcome = search.outcome(StopReason::interrupted);
  EXPECT_EQ(outcome.photos.size(), 1u);
  EXPECT_FALSE(outcome.repeatable);
}

// Ten slots and twenty images: each slot gets its work at once, and repetitions are given up for it.
TEST_F(SearchSessionTransfersTest, ASmallBudgetKeepsEverySlotBusy) {
  options_.parallel = 10;
  options_.max_images = 20;
  options_.max_attempts = 4;
  auto search = session("greedy");
  const auto first = looks(search);
  ASSERT_THAT(first, SizeIs(10));
  EXPECT_EQ(first.front().max_requests, 2);
  EXPECT_EQ(first.back().max_requests, 1);
}

TEST_F(SearchSessionTransfersTest, FreeSlotsNeverGoToOneTag) {
  options_.parallel = 10;
  for (const Strategy& strategy : strategies()) {
    if (strategy.sees_all_photos) continue;
    SearchSession search(options_, strategy, scorer_);
    // All slots are taken, none is reported: each draw is another tag's.
    const auto looked_at = looks(search);
    ASSERT_THAT(looked_at, SizeIs(10)) << strategy.name;
    std::set<std::string> tags;
    for (const LookCommand& look : looked_at)
      tags.insert(look.photo->tags.front());
    EXPECT_EQ(tags.size(), 10u) << strategy.name;
    // Nor when tags are chosen by what is known of them.
    for (const LookCommand& look : looked_at)
      search.on_features(look.ticket, service_.features(*look.photo));
    const auto next = search.next_commands();
    ASSERT_THAT(next, SizeIs(strategy.waits_for_query ? 2 : 10)) << strategy.name;  // the rest of the round, or any
    std::set<std::string> drawn;
    for (const Command& command : next) {
      const auto* look = std::get_if<LookCommand>(&command);
      drawn.insert(look != nullptr ? look->photo->tags.front() : std::get<AskCommand>(command).query.text);
    }
    EXPECT_EQ(drawn.size(), next.size()) << strategy.name;
  }
}

TEST_F(SearchSessionTransfersTest, WordsThatAreKnownAreAskedBeforeTheQueryIs) {
  options_.first_queries = {{"kind3"}, {"kind4"}};
  for (const char* strategy : {"greedy", "adaptive", "ucb"}) {
    SearchSession search(options_, **find_strategy(strategy));
    EXPECT_THAT(texts_of(search.next_commands()), ElementsAre("kind3", "kind4")) << strategy;
    EXPECT_THAT(search.next_commands(), IsEmpty());
    search.on_query(query({{"kind5"}}));
    EXPECT_EQ(texts_of(search.next_commands()).at(0), "kind5") << strategy;
  }
}

TEST_F(SearchSessionTransfersTest, NothingBeginsWithoutWordsNorWhatGoesByRounds) {
  SearchSession rounds(options_, **find_strategy("clear"));
  EXPECT_THAT(rounds.next_commands(), IsEmpty());
  EXPECT_FALSE(rounds.finished());
  rounds.on_query(query({}));
  EXPECT_THAT(rounds.next_commands(), SizeIs(4));

  options_.first_queries.clear();
  SearchSession wordless(options_, **find_strategy("greedy"));
  EXPECT_THAT(wordless.next_commands(), IsEmpty());
  EXPECT_FALSE(wordless.finished());
  wordless.on_query(query({{"kind5"}}));
  EXPECT_THAT(texts_of(wordless.next_commands()), ElementsAre("kind5"));
}

}  // namespace
}  // namespace lookalike

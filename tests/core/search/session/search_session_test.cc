#include "core/search/session/search_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/core/search/session/fake_service.h"

namespace lookalike {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class SearchSessionTest : public testing::Test {
 protected:
  // `count` photos of a kind, all with the kind's tag and one of their own; better ones later.
  void add_kind(const std::string& kind, int count, float value) {
    for (int i = 0; i < count; ++i) {
      const std::string id = kind + std::to_string(i);
      service_.add({id, {kind, "own-" + id}, value + static_cast<float>(i) * 0.01f});
    }
  }

  SearchSession session(const std::string& strategy) { return {options_, **find_strategy(strategy), scorer_}; }

  FakeService service_;
  ValueScorer scorer_;
  SearchOptions options_{.parallel = 4, .first_queries = {{"dog"}, {"wolf"}, {"stone"}}};
};

TEST_F(SearchSessionTest, FindsTheBestPhotosFirst) {
  add_kind("dog", 40, 5);
  add_kind("wolf", 40, 3);
  add_kind("stone", 40, 0);
  options_.max_images = 60;  // a third of them is spread over tags before the first score takes effect
  auto search = session("adaptive");
  const SearchOutcome outcome = run_session(search, service_);
  ASSERT_EQ(outcome.photos.size(), 60u);
  EXPECT_EQ(outcome.photos.front().photo.id.substr(0, 3), "dog");
  EXPECT_TRUE(std::is_sorted(outcome.photos.begin(), outcome.photos.end(),
                             [](const auto& a, const auto& b) { return a.score.order > b.score.order; }));
  EXPECT_EQ(outcome.stopped_by, StopReason::max_images);
  const auto dogs = std::count_if(outcome.photos.begin(), outcome.photos.end(),
                                  [](const auto& found) { return found.photo.id.starts_with("dog"); });
  EXPECT_GE(dogs, 35);
}

TEST_F(SearchSessionTest, TagMeansAreThoseOfAllScoredPhotos) {
  add_kind("dog", 3, 1);
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  const auto dog = std::find_if(outcome.tags.begin(), outcome.tags.end(), [](const auto& t) { return t.tag == "dog"; });
  ASSERT_NE(dog, outcome.tags.end());
  EXPECT_EQ(dog->images, 3);
  EXPECT_NEAR(dog->log_mean, std::log((std::exp(1.0) + std::exp(1.01) + std::exp(1.02)) / 3), 1e-6);
}

TEST_F(SearchSessionTest, NeverLooksTwiceAndNeverAsksTwice) {
  add_kind("dog", 12, 2);
  add_kind("wolf", 12, 1);
  for (const char* strategy : {"greedy", "clear"}) {
    service_.asked.clear();
    service_.looked_at.clear();
    auto search = session(strategy);
    (void)run_session(search, service_);
    const std::set<std::string> distinct(service_.asked.begin(), service_.asked.end());
    EXPECT_EQ(distinct.size(), service_.asked.size()) << strategy;
    for (const auto& [id, times] : service_.looked_at)
      EXPECT_EQ(times, 1) << strategy << " " << id;
  }
}

TEST_F(SearchSessionTest, EndsWhenTagsAndPhotosRunOut) {
  add_kind("dog", 2, 2);
  for (const char* strategy : {"greedy", "clear"}) {
    auto search = session(strategy);
    const SearchOutcome outcome = run_session(search, service_);
    EXPECT_EQ(outcome.photos.size(), 2u) << strategy;
    EXPECT_FALSE(outcome.fatal) << strategy;
  }
}

TEST_F(SearchSessionTest, EndsOnAServiceWithoutPhotos) {
  for (const char* strategy : {"greedy", "clear"}) {
    auto search = session(strategy);
    const SearchOutcome outcome = run_session(search, service_);
    EXPECT_TRUE(outcome.photos.empty());
    EXPECT_GT(outcome.counts.calls_answered, 0);
    EXPECT_THAT(service_.asked, Contains("nature"));  // the fallbacks were tried
  }
}

TEST_F(SearchSessionTest, BudgetsHoldWithRetriesCounted) {
  add_kind("dog", 500, 2);
  add_kind("wolf", 500, 1);
  service_.requests_per_call = 3;
  options_.max_calls = 10;
  options_.max_images = 57;
  for (const char* strategy : {"greedy", "clear"}) {
    auto search = session(strategy);
    const SearchOutcome outcome = run_session(search, service_);
    EXPECT_LE(outcome.counts.api_calls, 10) << strategy;
    EXPECT_LE(outcome.counts.images_downloaded, 57) << strategy;
    EXPECT_GE(outcome.counts.images_downloaded, strategy == std::string("greedy") ? 57 : 1);
  }
}

TEST_F(SearchSessionTest, UsesEveryCallOfItsBudget) {
  for (int i = 0; i < 60; ++i)
    service_.add({"p" + std::to_string(i), {"dog", "own" + std::to_string(i)}, 1});
  options_.max_calls = 7;
  options_.max_images = 1000;
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  EXPECT_EQ(outcome.counts.api_calls, 7);
  EXPECT_EQ(outcome.photos.size(), 60u);  // photos at hand need no call
  EXPECT_EQ(outcome.stopped_by, StopReason::max_calls);
}

TEST_F(SearchSessionTest, ACacheChangesWhatASearchCostsAndNotWhatItFinds) {
  add_kind("dog", 60, 5);
  add_kind("wolf", 60, 3);
  options_.max_images = 25;
  const auto found = [this] {
    auto search = session("greedy");
    return run_session(search, service_);
  };
  const SearchOutcome sent = found();
  service_.cached = true;
  const SearchOutcome cached = found();
  EXPECT_EQ(cached.counts.api_calls, 0);
  EXPECT_EQ(cached.counts.images_downloaded, 0);
  EXPECT_EQ(cached.counts.cache_hits, sent.counts.api_calls + sent.counts.images_downloaded);
  EXPECT_EQ(cached.stopped_by, StopReason::max_images);
  ASSERT_EQ(cached.photos.size(), sent.photos.size());
  for (size_t i = 0; i < sent.photos.size(); ++i)
    EXPECT_EQ(cached.photos[i].photo.id, sent.photos[i].photo.id);
}

TEST_F(SearchSessionTest, KeepsAsManyUnderWayAsAllowed) {
  add_kind("dog", 100, 2);
  auto search = session("greedy");
  EXPECT_EQ(search.next_commands().size(), 3u);  // one for each first query; nothing else is known
  EXPECT_TRUE(search.next_commands().empty());
  EXPECT_FALSE(search.finished());
}

TEST_F(SearchSessionTest, FreeSlotsSpreadOverTags) {
  add_kind("dog", 50, 2);
  add_kind("wolf", 50, 2);
  options_.first_queries = {{"dog"}, {"wolf"}};
  auto search = session("greedy");
  for (const Command& command : search.next_commands()) {
    const auto& ask = std::get<AskCommand>(command);
    search.on_photos(ask.ticket, service_.answer(ask.query));
  }
  const auto looks = search.next_commands();
  ASSERT_EQ(looks.size(), 2u);
  EXPECT_NE(std::get<LookCommand>(looks[0]).photo->tags[0], std::get<LookCommand>(looks[1]).photo->tags[0]);
}

TEST_F(SearchSessionTest, SameSeedAndSameArrivalsGiveTheSameResult) {
  add_kind("dog", 60, 2);
  add_kind("wolf", 60, 2);
  for (const char* strategy : {"greedy", "clear"}) {
    std::vector<std::vector<std::string>> asked;
    for (int run = 0; run < 2; ++run) {
      service_.asked.clear();
      Random order(11);
      auto search = session(strategy);
      (void)run_session(search, service_, &order);
      asked.push_back(service_.asked);
    }
    EXPECT_EQ(asked[0], asked[1]) << strategy;
  }
}

TEST_F(SearchSessionTest, AnyArrivalOrderStaysWithinBudgetAndEnds) {
  add_kind("dog", 60, 2);
  add_kind("wolf", 60, 1);
  options_.max_images = 40;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    for (const char* strategy : {"greedy", "clear"}) {
      Random order(seed);
      auto search = session(strategy);
      const SearchOutcome outcome = run_session(search, service_, &order);
      EXPECT_LE(outcome.counts.images_downloaded, 40);
      EXPECT_EQ(outcome.counts.images_scored, static_cast<int>(outcome.photos.size()));
    }
  }
}

TEST_F(SearchSessionTest, TriesSynonymsOfAClassThatBroughtNothing) {
  add_kind("panda", 3, 2);
  options_.first_queries = {{"giant panda", "panda", "coon bear"}};
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  EXPECT_EQ(outcome.photos.size(), 3u);
  EXPECT_EQ(outcome.photos.front().found_by, "panda");
  EXPECT_THAT(service_.asked, Not(Contains("coon bear")));
}

TEST_F(SearchSessionTest, APhotoThatTwoSourcesListIsLookedAtOnce) {
  add_kind("dog", 2, 1);
  auto search = session("greedy");
  const auto commands = search.next_commands();
  const auto* ask = std::get_if<AskCommand>(&commands.at(0));
  ASSERT_NE(ask, nullptr);
  PhotoPage page;
  for (const char* provider : {"flickr", "openverse"})
    page.photos.push_back({.provider = provider, .id = provider, .page_url = "https://www.flickr.com/photos/me/7/"});
  search.on_photos(ask->ticket, {.page = std::move(page), .cost = {.requests = 1}});
  int looks = 0;
  for (const Command& command : search.next_commands())
    looks += std::holds_alternative<LookCommand>(command) ? 1 : 0;
  EXPECT_EQ(looks, 1);
}

TEST_F(SearchSessionTest, OnlyTheBestKeepTheirEmbeddings) {
  add_kind("dog", 20, 2);
  options_.embeddings_kept = 3;
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  ASSERT_GT(outcome.photos.size(), 5u);
  for (size_t i = 0; i < outcome.photos.size(); ++i)
    EXPECT_EQ(outcome.photos[i].embedding.empty(), i >= 3) << i;
}

TEST_F(SearchSessionTest, ExcludedTagsAreNeitherAskedNorCredited) {
  add_kind("dog", 5, 2);
  options_.excluded_tags = {"WOLF", "own-dog1", "nature"};
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  EXPECT_THAT(service_.asked, Not(Contains("wolf")));
  EXPECT_THAT(service_.asked, Not(Contains("own-dog1")));
  EXPECT_THAT(service_.asked, Not(Contains("nature")));
  for (const TagSummary& tag : outcome.tags)
    EXPECT_NE(tag.tag, "own-dog1");
}

TEST_F(SearchSessionTest, ARefusedKeyEndsTheSearchAndKeepsWhatWasFound) {
  add_kind("dog", 5, 2);
  int calls = 0;
  service_.call_fault = [&](const PhotoQuery&) -> std::optional<Error> {
    if (++calls <= 3) return std::nullopt;
    return Error{ErrorCode::auth, "key refused"};
  };
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  ASSERT_TRUE(outcome.fatal);
  EXPECT_EQ(outcome.fatal->code, ErrorCode::auth);
  EXPECT_EQ(outcome.stopped_by, StopReason::source_failed);
  EXPECT_FALSE(outcome.photos.empty());
  EXPECT_LE(calls, 3 + 4);  // what was under way, and nothing after
}

TEST_F(SearchSessionTest, PhotosThatAreListedAreLookedAtWhenNoCallIsAnsweredAnyMore) {
  add_kind("dog", 30, 2);
  for (const char* strategy : {"greedy", "clear", "adaptive"}) {
    int calls = 0;
    service_.call_fault = [&](const PhotoQuery& query) -> std::optional<Error> {
      if (query.text == "dog" && ++calls == 1) return std::nullopt;
      return Error{ErrorCode::quota, "used up"};
    };
    auto search = session(strategy);
    const SearchOutcome outcome = run_session(search, service_);
    ASSERT_TRUE(outcome.fatal) << strategy;
    EXPECT_EQ(outcome.fatal->code, ErrorCode::quota);
    EXPECT_EQ(outcome.stopped_by, StopReason::source_failed);
    // `clear` spends some of its draws on tags that can no longer be asked for.
    EXPECT_GE(outcome.photos.size(), strategy == std::string_view("clear") ? 10u : 30u) << strategy;
  }
}

TEST_F(SearchSessionTest, ACallThatWouldHaveToWaitEndsTheCallsAndTheListedPhotosAreLookedAt) {
  add_kind("dog", 30, 2);
  for (const char* strategy : {"greedy", "adaptive"}) {
    service_.asked.clear();
    int calls = 0;
    service_.call_fault = [&](const PhotoQuery& query) -> std::optional<Error> {
      if (query.text == "dog" && ++calls == 1) return std::nullopt;
      return Error{ErrorCode::quota, "would have to wait", ErrorCause::rate};
    };
    auto search = session(strategy);
    const SearchOutcome outcome = run_session(search, service_);
    ASSERT_TRUE(outcome.fatal) << strategy;
    EXPECT_EQ(outcome.stopped_by, StopReason::rate) << strategy;
    EXPECT_STREQ(to_string(outcome.stopped_by), "rate");
    EXPECT_GE(outcome.photos.size(), 30u) << strategy;
    EXPECT_LE(service_.asked.size(), 1u + static_cast<size_t>(options_.parallel)) << strategy;
  }
}

TEST_F(SearchSessionTest, ASourceThatCannotBeReachedIsGivenUpAtTheFirstCall) {
  service_.call_fault = [](const PhotoQuery&) { return Error{ErrorCode::network, "no way", ErrorCause::unreachable}; };
  for (int i = 0; i < 20; ++i)
    options_.first_queries.push_back({"word" + std::to_string(i)});
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  ASSERT_TRUE(outcome.fatal);
  EXPECT_EQ(outcome.stopped_by, StopReason::source_failed);
  EXPECT_LE(service_.asked.size(), static_cast<size_t>(options_.parallel));
}

TEST_F(SearchSessionTest, LooksThatNeverReachTheirHostEndTheSearchAlthoughTheyCostNothing) {
  add_kind("dog", 100, 2);
  service_.image_fault = [](const Photo&) { return Error{ErrorCode::quota, "the host rests", ErrorCause::rate}; };
  service_.requests_per_look = 0;
  for (const char* strategy : {"greedy", "adaptive"}) {
    service_.looked_at.clear();
    auto search = session(strategy);
    const SearchOutcome outcome = run_session(search, service_);
    ASSERT_TRUE(outcome.fatal) << strategy;
    EXPECT_EQ(outcome.stopped_by, StopReason::rate) << strategy;
    EXPECT_LE(service_.looked_at.size(), 10u + static_cast<size_t>(options_.parallel)) << strategy;
  }
}

TEST_F(SearchSessionTest, ABrokenNetworkEndsTheSearchAtOnce) {
  add_kind("dog", 30, 2);
  service_.image_fault = [](const Photo&) { return Error{ErrorCode::model, "cannot run"}; };
  for (const char* strategy : {"greedy", "adaptive"}) {
    service_.looked_at.clear();
    auto search = session(strategy);
    const SearchOutcome outcome = run_session(search, service_);
    ASSERT_TRUE(outcome.fatal) << strategy;
    EXPECT_LE(service_.looked_at.size(), 10u) << strategy;
  }
}

TEST_F(SearchSessionTest, ADeadSourceIsGivenUp) {
  service_.call_fault = [](const PhotoQuery&) { return Error{ErrorCode::network, "refused"}; };
  for (int i = 0; i < 10; ++i)
    options_.first_queries.push_back({"word" + std::to_string(i)});
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  ASSERT_TRUE(outcome.fatal);
  EXPECT_EQ(outcome.fatal->code, ErrorCode::network);
  EXPECT_LE(service_.asked.size(), 14u);
  ASSERT_EQ(outcome.errors.size(), 1u);
  EXPECT_EQ(outcome.errors[0].count, static_cast<int>(service_.asked.size()));
}

TEST_F(SearchSessionTest, FailedRequestsAndImagesAreCountedAndSurvived) {
  add_kind("dog", 60, 2);
  add_kind("wolf", 60, 1);
  Random chance(5);
  service_.call_fault = [&](const PhotoQuery&) -> std::optional<Error> {
    if (chance.below(10) < 3) return Error{ErrorCode::network, "reset"};
    return std::nullopt;
  };
  service_.image_fault = [&](const Photo&) -> std::optional<Error> {
    if (chance.below(10) < 3) return Error{ErrorCode::bad_data, "truncated JPEG"};
    return std::nullopt;
  };
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  EXPECT_FALSE(outcome.fatal);
  EXPECT_GT(outcome.counts.images_failed, 10);
  EXPECT_EQ(outcome.counts.images_scored + outcome.counts.images_failed, outcome.counts.images_downloaded);
  EXPECT_GT(outcome.photos.size(), 50u);
}

TEST_F(SearchSessionTest, AQueryAtFaultCostsOneCallOnly) {
  service_.call_fault = [](const PhotoQuery& query) -> std::optional<Error> {
    if (query.text == "stone") return Error{ErrorCode::usage, "illogical"};
    return std::nullopt;
  };
  add_kind("dog", 3, 1);
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  EXPECT_EQ(std::count(service_.asked.begin(), service_.asked.end(), "stone"), 1);
  EXPECT_FALSE(outcome.fatal);
}

TEST_F(SearchSessionTest, PagesThatRepeatAreNotAskedForEver) {
  SearchOptions options{.first_queries = {{"dog"}}};
  SearchSession search(options, **find_strategy("greedy"), scorer_);
  int pages = 0;
  // Driven by hand: the same photo on every page, and always "more".
  while (true) {
    auto commands = search.next_commands();
    if (commands.empty() && search.finished()) break;
    for (const Command& command : commands) {
      if (const auto* ask = std::get_if<AskCommand>(&command)) {
        PhotoPage page;
        page.has_more = true;
        if (ask->query.text == "dog") page.photos.push_back({.provider = "fake", .id = "1", .tags = {"dog"}});
        pages += ask->query.text == "dog" ? 1 : 0;
        search.on_photos(ask->ticket, {page, {.requests = 1}});
      } else {
        search.on_features(std::get<LookCommand>(command).ticket, {Embedding{1.0f}, {.requests = 1}});
      }
    }
  }
  EXPECT_EQ(pages, 2);
}

TEST_F(SearchSessionTest, HostileTagsOnlyBecomeTags) {
  service_.add({"1",
                {"dog", "", "-cat", "a\nb",
                 "\xE2\x80\xAE"
                 "evil",
                 std::string(1, '\0') + "x", "\"quoted\""},
                1});
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  for (const std::string& text : service_.asked) {
    EXPECT_FALSE(text.empty());
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_EQ(text.find('\0'), std::string::npos);
  }
  EXPECT_EQ(outcome.photos.size(), 1u);
}

TEST_F(SearchSessionTest, ClearAsksAsOfARandomMomentGreedyForTheNewest) {
  const auto now = std::chrono::system_clock::time_point(std::chrono::hours(24 * 365 * 50));
  options_.now = now;
  auto clear = session("clear");
  std::set<std::chrono::system_clock::time_point> moments;
  for (const Command& command : clear.next_commands()) {
    const PhotoQuery& query = std::get<AskCommand>(command).query;
    ASSERT_TRUE(query.uploaded_before);
    EXPECT_LE(*query.uploaded_before, now);
    EXPECT_GE(*query.uploaded_before, now - std::chrono::hours(24 * 365 * 3));
    EXPECT_EQ(query.per_page, 30);
    moments.insert(*query.uploaded_before);
  }
  EXPECT_EQ(moments.size(), 3u);
  auto greedy = session("greedy");
  for (const Command& command : greedy.next_commands()) {
    EXPECT_FALSE(std::get<AskCommand>(command).query.uploaded_before);
  }
}

TEST_F(SearchSessionTest, OverflowingScoresStillRank) {
  service_.add({"big", {"dog"}, 58'000});
  service_.add({"bigger", {"dog"}, 58'001});
  auto search = session("greedy");
  const SearchOutcome outcome = run_session(search, service_);
  ASSERT_EQ(outcome.photos.size(), 2u);
  EXPECT_EQ(outcome.photos[0].photo.id, "bigger");
  EXPECT_TRUE(std::isfinite(outcome.tags.front().log_mean));
}

TEST_F(SearchSessionTest, IgnoredTagsAreNeverAskedUnlessTheyAreFirstQueries) {
  add_kind("dog", 12, 2);
  options_.first_queries = {{"dog"}};
  options_.ignores_tag = [](std::string_view tag) { return tag == "dog" || tag.starts_with("own-"); };
  for (const char* strategy : {"greedy", "adaptive"}) {
    service_.asked.clear();
    auto search = session(strategy);
    const SearchOutcome outcome = run_session(search, service_);
    EXPECT_EQ(outcome.photos.size(), 12u) << strategy;
    ASSERT_FALSE(outcome.photos.empty()) << strategy;
    EXPECT_FALSE(outcome.photos.front().photo.tags.empty()) << "results keep their tags";
    EXPECT_THAT(service_.asked, Contains(testing::StartsWith("dog"))) << strategy;
    EXPECT_THAT(service_.asked, Not(Contains(testing::StartsWith("own-")))) << strategy;
  }
}

}  // namespace
}  // namespace lookalike

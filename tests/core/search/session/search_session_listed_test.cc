// Photos that are looked at although no query brought them (core/search/session/listed_looks.h), in a whole session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/search/session/search_session.h"
#include "tests/core/search/session/fake_service.h"

namespace lookalike {
namespace {

class SearchSessionListedTest : public testing::Test {
 protected:
  SearchSessionListedTest() { service_.on_this_disk = true; }

  // Words find the first ones only.
  void add(int with_words, int without, float best = 9) {
    for (int i = 0; i < with_words + without; ++i) {
      const bool has_words = i < with_words;
      FakePhoto photo{"p" + std::to_string(i), {}, static_cast<float>(i % 7)};
      if (has_words) photo.tags = {"dog"};
      if (i == with_words + without - 1) photo.value = best;
      service_.add(photo);
      Photo listed{.provider = "fake", .id = photo.id, .image_url = photo.id, .local_path = "/" + photo.id};
      (has_words ? with_words_ : without_words_).push_back(listed);
    }
  }
  std::vector<Photo> everything() const {
    std::vector<Photo> all = without_words_;
    all.insert(all.end(), with_words_.begin(), with_words_.end());
    return all;
  }
  SearchOutcome run(const Strategy& strategy, Random* shuffle = nullptr) {
    SearchSession session(options_, strategy, scorer_);
    return run_session(session, service_, shuffle);
  }
  static std::set<std::string> ids(const SearchOutcome& outcome) {
    std::set<std::string> found;
    for (const FoundPhoto& photo : outcome.photos)
      found.insert(photo.photo.id);
    return found;
  }

  FakeService service_;
  ValueScorer scorer_;
  std::vector<Photo> with_words_;
  std::vector<Photo> without_words_;
  SearchOptions options_{.max_calls = 20, .max_images = 30, .parallel = 4, .first_queries = {{"dog"}}};
};

TEST_F(SearchSessionListedTest, AllAreLookedAtAndNothingIsAsked) {
  add(10, 50);
  options_.max_calls = 0;
  options_.max_images = 60;
  options_.listed = {.photos = everything(), .reserved = true};
  const SearchOutcome outcome = run(whole_strategy());
  EXPECT_EQ(outcome.photos.size(), 60u);
  EXPECT_EQ(outcome.photos.front().photo.id, "p59");
  EXPECT_EQ(outcome.photos.front().found_by, "");
  EXPECT_EQ(outcome.counts.api_calls, 0);
  EXPECT_EQ(outcome.counts.images_scored, 60);
  EXPECT_EQ(outcome.stopped_by, StopReason::exhausted);
  EXPECT_TRUE(service_.asked.empty());
  ASSERT_EQ(outcome.asked.size(), 1u);
  EXPECT_EQ(outcome.asked[0].why, AskReason::listing);
  EXPECT_EQ(outcome.asked[0].photos, 60);
}

TEST_F(SearchSessionListedTest, ABudgetEndsThemInTheirOrder) {
  add(0, 50);
  options_.max_images = 7;
  options_.listed = {.photos = without_words_, .reserved = true};
  const SearchOutcome outcome = run(whole_strategy());
  EXPECT_EQ(ids(outcome), (std::set<std::string>{"p0", "p1", "p2", "p3", "p4", "p5", "p6"}));
  EXPECT_EQ(outcome.stopped_by, StopReason::max_images);
}

TEST_F(SearchSessionListedTest, EqualScoresAreInTheOrderOfTheListWhateverTheOrderOfArrival) {
  add(0, 40);
  options_.max_images = 40;
  options_.backlog = 16;
  options_.listed = {.photos = without_words_, .reserved = true};
  const SearchOutcome usual = run(whole_strategy());
  for (uint64_t seed = 1; seed < 5; ++seed) {
    Random shuffle(seed);
    const SearchOutcome other = run(whole_strategy(), &shuffle);
    EXPECT_TRUE(std::ranges::equal(usual.photos, other.photos, [](const FoundPhoto& a, const FoundPhoto& b) {
      return a.photo.id == b.photo.id;
    })) << seed;
  }
}

TEST_F(SearchSessionListedTest, PhotosWithoutWordsGetTheirShareOfAGuidedSearch) {
  add(100, 100);
  options_.listed = {.photos = without_words_, .shared = 100, .share = 0.5};
  const SearchOutcome outcome = run(**find_strategy("adaptive"));
  EXPECT_EQ(outcome.photos.size(), 30u);
  const auto listed =
      std::ranges::count_if(outcome.photos, [](const FoundPhoto& found) { return found.found_by.empty(); });
  EXPECT_NEAR(static_cast<double>(listed), 15, 1);
}

TEST_F(SearchSessionListedTest, TheRestFollowsWhenWordsLeadNoFurther) {
  add(5, 10);
  options_.first_queries = {{"nothing that is there"}};
  options_.listed = {.photos = without_words_, .shared = 10, .share = 0.3, .rest = everything()};
  const SearchOutcome outcome = run(**find_strategy("adaptive"));
  EXPECT_EQ(outcome.photos.size(), 15u);
  EXPECT_EQ(outcome.stopped_by, StopReason::exhausted);
}

TEST_F(SearchSessionListedTest, WordsStillGuideAmongWhatIsListedAsTheRest) {
  add(200, 20);
  for (int i = 0; i < 15; ++i)
    service_.add({"cat" + std::to_string(i), {"cat"}, 20});
  options_.first_queries = {{"cat"}};
  options_.listed = {.photos = without_words_, .shared = 20, .share = 0.1, .rest = everything()};
  const SearchOutcome outcome = run(**find_strategy("adaptive"));
  const auto cats =
      std::ranges::count_if(outcome.photos, [](const FoundPhoto& found) { return found.found_by == "cat"; });
  EXPECT_EQ(cats, 15);
}

TEST_F(SearchSessionListedTest, ACopyIsLookedAtFirstByEveryStrategy) {
  add(60, 60);
  options_.max_images = 1;
  options_.parallel = 1;
  options_.listed = {.photos = {without_words_.back()}, .first = 1};
  for (const Strategy& strategy : strategies()) {
    const SearchOutcome outcome = run(strategy);
    ASSERT_EQ(outcome.photos.size(), 1u) << strategy.name;
    EXPECT_EQ(outcome.photos.front().photo.id, "p119") << strategy.name;
  }
}

TEST_F(SearchSessionListedTest, WhatIsListedBesideAServiceLeavesItItsOwnBudget) {
  add(40, 0);
  options_.max_images = 30;
  for (int i = 0; i < 20; ++i)
    options_.listed.photos.push_back(
        {.provider = "other", .id = "o" + std::to_string(i), .image_url = "p1", .local_path = "/o"});
  options_.listed.reserved = true;
  for (int i = 0; i < 20; ++i)
    service_.add({"o" + std::to_string(i), {}, 1});
  const SearchOutcome outcome = run(**find_strategy("adaptive"));
  const auto listed =
      std::ranges::count_if(outcome.photos, [](const FoundPhoto& found) { return found.photo.provider == "other"; });
  EXPECT_EQ(listed, 20);
  EXPECT_EQ(outcome.photos.size(), 30u);
}

}  // namespace
}  // namespace lookalike

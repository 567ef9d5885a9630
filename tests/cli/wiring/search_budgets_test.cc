#include "cli/wiring/search_budgets.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

SearchBudgets budgets_of(const SearchCommandOptions& options, std::vector<std::string> sources, size_t images = 1) {
  std::vector<ProviderSettings> settings;
  for (std::string& source : sources)
    settings.push_back({.provider = std::move(source)});
  return search_budgets(options, settings, images);
}

TEST(SearchBudgets, AreTheSourcesOwn) {
  for (const char* name : {"flickr", "openverse", "commons", "pixabay", "inaturalist", "nasa"}) {
    const SearchBudget usual = (*find_provider(name))->budget;
    const SearchBudgets budgets = budgets_of({}, {name});
    EXPECT_EQ(budgets.max_calls, usual.calls) << name;
    EXPECT_EQ(budgets.max_images, usual.images) << name;
  }
  EXPECT_LE(budgets_of({}, {"flickr"}).max_calls, 40);
  EXPECT_LE(budgets_of({}, {"openverse"}).max_calls, 10);
}

TEST(SearchBudgets, WhatTheUserSaysCounts) {
  SearchCommandOptions options;
  options.max_calls = 7;
  options.effort = Effort::thorough;
  const SearchBudgets budgets = budgets_of(options, {"flickr"});
  EXPECT_EQ(budgets.max_calls, 7);
  EXPECT_EQ(budgets.max_images, 1250);
}

TEST(SearchBudgets, EffortScalesBothWithinWhatAMinuteAllows) {
  SearchCommandOptions options;
  options.effort = Effort::quick;
  EXPECT_EQ(budgets_of(options, {"flickr"}).max_calls, 16);
  EXPECT_EQ(budgets_of(options, {"flickr"}).max_images, 200);
  EXPECT_EQ(budgets_of(options, {"openverse"}).max_calls, 4);
  options.effort = Effort::thorough;
  EXPECT_EQ(budgets_of(options, {"openverse"}).max_calls, 20);
  EXPECT_EQ(budgets_of(options, {"openverse"}).max_images, 500);
}

TEST(SearchBudgets, AKeyOrAContactThatIsNotNeededMayAllowMore) {
  const std::vector<ProviderSettings> with_key{{.provider = "openverse", .api_key = "id:secret"}};
  EXPECT_EQ(search_budgets({}, with_key, 1).max_calls, (*find_provider("openverse"))->budget_of_known->calls);
  const std::vector<ProviderSettings> with_contact{{.provider = "commons", .has_contact = true}};
  EXPECT_EQ(search_budgets({}, with_contact, 1).max_calls, (*find_provider("commons"))->budget_of_known->calls);
  const std::vector<ProviderSettings> needless{{.provider = "openverse", .has_contact = true}};
  EXPECT_EQ(search_budgets({}, needless, 1).max_calls, (*find_provider("openverse"))->budget.calls);
}

TEST(SearchBudgets, ClearKeepsTheOriginals) {
  SearchCommandOptions options;
  options.strategy = "clear";
  for (const char* name : {"flickr", "openverse", "folder:photos"}) {
    EXPECT_EQ(budgets_of(options, {name}).max_calls, 110) << name;
    EXPECT_EQ(budgets_of(options, {name}).max_images, 110) << name;
  }
}

TEST(SearchBudgets, SeveralSourcesAreAskedAsTheOneThatAllowsTheFewestCalls) {
  const SearchBudgets budgets = budgets_of({}, {"flickr", "openverse"});
  EXPECT_EQ(budgets.max_calls, 10);
  EXPECT_EQ(budgets.max_images, 500);
  EXPECT_EQ(budgets_of({}, {"folder:photos", "openverse"}).max_images, 200) << "a folder beside a service adds its own";
}

TEST(SearchBudgets, TimeStopsASearchForOneImageAtAServiceOnly) {
  EXPECT_TRUE(budgets_of({}, {"flickr"}).backstop);
  EXPECT_FALSE(budgets_of({}, {"flickr"}, 2).backstop);
  EXPECT_FALSE(budgets_of({}, {"folder:photos"}).backstop);
  SearchCommandOptions options;
  options.batch.on_quota = OnQuota::wait;
  EXPECT_FALSE(budgets_of(options, {"flickr"}).backstop);
  options.batch.on_quota.reset();
  options.time_limit_seconds = 5;
  EXPECT_FALSE(budgets_of(options, {"flickr"}).backstop) << "the user's own limit counts";
}

}  // namespace
}  // namespace lookalike

#include "cli/wiring/search_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace lookalike {
namespace {

using testing::HasSubstr;

// So many photos on this disk, the first ones without words.
class FakeFolder final : public Provider {
 public:
  FakeFolder(size_t photos, size_t without_words, bool beside_a_service = false)
      : photos_(photos), without_words_(without_words), beside_a_service_(beside_a_service) {}

  const std::string& name() const override { return name_; }
  void search(const PhotoQuery&, Done) override {}
  size_t listable(ListOf which) const override { return which == ListOf::every_photo ? photos_ : without_words_; }
  bool lists_all() const override { return photos_ > 0 && !beside_a_service_; }
  std::vector<Photo> list(ListOf which, size_t limit) const override {
    std::vector<Photo> photos;
    for (size_t i = 0; i < std::min(limit, listable(which)); ++i)
      photos.push_back({.provider = name_, .id = std::to_string(i)});
    return photos;
  }
  std::vector<Photo> copies_of(const FileIdentity& file, const std::stop_token&) const override {
    return file.sha256 == "a copy" ? std::vector<Photo>{{.provider = name_, .id = "7"}} : std::vector<Photo>{};
  }

 private:
  size_t photos_;
  size_t without_words_;
  bool beside_a_service_;
  std::string name_ = "folder";
};

class SearchPlanTest : public testing::Test {
 protected:
  SearchPlan plan(const Provider& provider) {
    budgets_.max_images = options_.max_images.value_or(100);
    const auto made = plan_search(options_, budgets_, provider, 100);
    EXPECT_TRUE(made.ok());
    return made.ok() ? *made : SearchPlan{};
  }
  static SearchOutcome outcome(int scored, int failed, StopReason reason) {
    SearchOutcome made{.stopped_by = reason};
    made.counts.images_scored = scored;
    made.counts.images_failed = failed;
    return made;
  }

  SearchCommandOptions options_;
  SearchBudgets budgets_{.max_calls = 40, .max_images = 100, .backstop = std::nullopt};
};

TEST_F(SearchPlanTest, AFolderIsSearchedWholeUpToALimit) {
  const FakeFolder folder(100, 30);
  const SearchPlan made = plan(folder);
  EXPECT_EQ(strategy_text(made), "all");
  EXPECT_TRUE(made.whole);
  EXPECT_EQ(made.max_images, 100);
  EXPECT_EQ(made.max_calls, 0);
  const ListedPhotos listed = listed_photos(made, folder, FileIdentity{1, "a copy"}, {});
  EXPECT_EQ(listed.photos.size(), 100u);
  EXPECT_EQ(listed.first, 1u);
  EXPECT_EQ(listed.photos[0].id, "7");
  EXPECT_TRUE(listed.reserved);
}

TEST_F(SearchPlanTest, ALargerOneIsGuidedByWordsWithAShareForThoseWithout) {
  const FakeFolder folder(400, 100);
  const SearchPlan made = plan(folder);
  EXPECT_EQ(strategy_text(made), "adaptive");
  EXPECT_FALSE(made.whole);
  EXPECT_EQ(made.max_images, 100);
  EXPECT_GT(made.max_calls, 0);
  const ListedPhotos listed = listed_photos(made, folder, std::nullopt, {});
  EXPECT_EQ(listed.first, 0u);
  EXPECT_EQ(listed.shared, 100u);
  EXPECT_EQ(listed.photos.size(), 100u);
  EXPECT_EQ(listed.rest.size(), 100u);
  EXPECT_DOUBLE_EQ(listed.share, 0.25);
}

TEST_F(SearchPlanTest, WhatTheUserSaysIsObeyed) {
  const FakeFolder folder(50, 50);
  options_.max_images = 20;
  EXPECT_EQ(strategy_text(plan(folder)), "adaptive");
  EXPECT_EQ(plan(folder).max_images, 20);
  options_.strategy = "greedy";
  EXPECT_EQ(strategy_text(plan(folder)), "greedy");
  EXPECT_TRUE(listed_photos(plan(folder), folder, std::nullopt, {}).photos.empty());
  EXPECT_EQ(listed_photos(plan(folder), folder, FileIdentity{1, "a copy"}, {}).photos.size(), 1u);
}

TEST_F(SearchPlanTest, AScoringProgramIsNotAskedAboutEveryPhoto) {
  options_.scores = {*parse_score_spec("program:true")};
  EXPECT_EQ(strategy_text(plan(FakeFolder(50, 50))), "adaptive");
}

TEST_F(SearchPlanTest, AllLooksAtEveryPhotoOfAFolderOfAnySize) {
  options_.strategy = "all";
  const FakeFolder folder(400, 100);
  EXPECT_EQ(plan(folder).max_images, 400);
  EXPECT_EQ(listed_photos(plan(folder), folder, std::nullopt, {}).photos.size(), 400u);
  const auto refused = plan_search(options_, budgets_, FakeFolder(400, 100, true));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
}

TEST_F(SearchPlanTest, BesideAServiceAFolderHasLooksOfItsOwn) {
  const FakeFolder folder(50, 10, true);
  const SearchPlan made = plan(folder);
  EXPECT_EQ(strategy_text(made), "all+adaptive");
  EXPECT_EQ(made.max_images, 150);
  EXPECT_EQ(made.max_calls, 40);
  const ListedPhotos listed = listed_photos(made, folder, std::nullopt, {});
  EXPECT_EQ(listed.photos.size(), 50u);
  EXPECT_TRUE(listed.reserved);
}

TEST_F(SearchPlanTest, AServiceIsSearchedAsTheOptionsSay) {
  const FakeFolder service(0, 0);
  EXPECT_EQ(plan(service).strategy->name, strategy_name(options_));
  EXPECT_EQ(plan(service).max_images, 100);
  EXPECT_TRUE(listed_photos(plan(service), service, FileIdentity{1, "a copy"}, {}).photos.empty());
}

TEST_F(SearchPlanTest, SaysWhenNotAllWereLookedAtAndWhatWould) {
  const SearchPlan large = plan(FakeFolder(400, 100));
  EXPECT_THAT(unseen_text(large, outcome(95, 5, StopReason::max_images)).value_or(""),
              testing::AllOf(HasSubstr("100 of the folder's 400 photos"), HasSubstr("--strategy all")));
  const SearchPlan small = plan(FakeFolder(50, 10));
  EXPECT_EQ(unseen_text(small, outcome(49, 1, StopReason::exhausted)), std::nullopt);
  EXPECT_THAT(unseen_text(small, outcome(20, 0, StopReason::interrupted)).value_or(""),
              HasSubstr("20 of the folder's 50 photos"));
  options_.max_images = 20;
  EXPECT_EQ(unseen_text(plan(FakeFolder(50, 10)), outcome(20, 0, StopReason::max_images)), std::nullopt);
  EXPECT_EQ(unseen_text(plan(FakeFolder(0, 0)), outcome(20, 0, StopReason::time_limit)), std::nullopt);
}

}  // namespace
}  // namespace lookalike

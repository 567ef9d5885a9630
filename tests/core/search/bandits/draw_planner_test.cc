#include "core/search/bandits/draw_planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace lookalike {
namespace {

using testing::ElementsAre;
using Ask = Planner::Ask;
using Look = Planner::Look;
using Outcome = DrawResult::Outcome;

constexpr TagId kDog = 1, kBeach = 2;
constexpr Planner::Room kRoom{.calls = 10, .images = 10};

// Draws the tags that a test names, and notes how each draw ended.
class ScriptedSelector final : public TagSelector {
 public:
  explicit ScriptedSelector(std::deque<TagId>& script, std::vector<DrawResult>& ended)
      : script_(script), ended_(ended) {}
  void add_first_query(TagId) override {}
  void add_fallback(TagId) override {}
  std::optional<TagId> select() override {
    if (script_.empty()) return std::nullopt;
    const TagId tag = script_.front();
    script_.pop_front();
    return tag;
  }
  void observe(const DrawResult& draw) override { ended_.push_back(draw); }

 private:
  std::deque<TagId>& script_;
  std::vector<DrawResult>& ended_;
};

class DrawPlannerTest : public testing::Test {
 protected:
  void make(const DrawRules& rules = {}) {
    planner_ = make_draw_planner(std::make_unique<ScriptedSelector>(script_, ended_), rules);
  }
  void list(TagId tag, std::vector<PhotoNumber> photos, bool new_ones = true, bool has_more = true) {
    std::vector<ListedPhoto> listed;
    for (const PhotoNumber photo : photos)
      listed.push_back({.photo = photo, .is_new = new_ones});
    planner_->on_listing({.asked = tag, .photos = listed, .has_more = has_more});
  }
  TagId asks(const Planner::Room& room = kRoom) { return std::get<Ask>(planner_->next(room).value()).tag; }
  PhotoNumber looks(const Planner::Room& room = kRoom) { return std::get<Look>(planner_->next(room).value()).photo; }
  std::vector<Outcome> outcomes() const {
    std::vector<Outcome> all;
    for (const DrawResult& draw : ended_)
      all.push_back(draw.outcome);
    return all;
  }

  std::deque<TagId> script_;
  std::vector<DrawResult> ended_;
  std::unique_ptr<Planner> planner_;
};

TEST_F(DrawPlannerTest, AsksThenLooksAndTellsTheSelector) {
  make();
  script_ = {kDog};
  EXPECT_EQ(asks(), kDog);
  EXPECT_FALSE(planner_->next(kRoom));
  list(kDog, {0, 1});
  const auto look = std::get<Look>(planner_->next(kRoom).value());
  EXPECT_EQ(look.photo, 0u);
  EXPECT_EQ(look.chosen_by, kDog);
  const std::vector<TagId> tags = {kDog, kBeach};
  planner_->on_look({.photo = 0, .log_score = 2.5, .rank = 1, .tags = tags});
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].outcome, Outcome::scored);
  EXPECT_EQ(ended_[0].tag, kDog);
  EXPECT_EQ(ended_[0].log_score, 2.5);
  EXPECT_EQ(ended_[0].rank, 1);
  script_ = {kDog};
  EXPECT_EQ(looks(), 1u) << "it is at hand";
  planner_->on_look({.photo = 1});
  EXPECT_EQ(ended_.back().outcome, Outcome::failed);
}

TEST_F(DrawPlannerTest, PassesOverPhotosThatAnotherDrawLookedAtOrEnds) {
  for (const bool skip : {true, false}) {
    ended_.clear();
    make({.skip_repeated = skip});
    script_ = {kBeach, kDog};
    EXPECT_EQ(asks(), kBeach);
    EXPECT_EQ(asks(), kDog);
    list(kBeach, {0});
    EXPECT_EQ(looks(), 0u);
    list(kDog, {0, 1});
    if (skip) {
      EXPECT_EQ(looks(), 1u);
    } else {
      EXPECT_FALSE(planner_->next(kRoom));
      EXPECT_THAT(outcomes(), ElementsAre(Outcome::repeated));
    }
  }
}

TEST_F(DrawPlannerTest, AsksForTheNextPageWhereThereIsOne) {
  make();
  script_ = {kDog, kDog, kDog};
  EXPECT_EQ(asks(), kDog);
  list(kDog, {0});
  EXPECT_EQ(looks(), 0u);
  EXPECT_EQ(asks(), kDog);
  list(kDog, {0}, false);  // nothing new: the last
  EXPECT_FALSE(planner_->next(kRoom));
  EXPECT_THAT(outcomes(), ElementsAre(Outcome::empty, Outcome::empty));

  ended_.clear();
  make({.next_page = false});
  script_ = {kDog, kDog};
  EXPECT_EQ(asks(), kDog);
  list(kDog, {0});
  EXPECT_EQ(looks(), 0u);
  EXPECT_FALSE(planner_->next(kRoom));
  EXPECT_THAT(outcomes(), ElementsAre(Outcome::empty));
}

TEST_F(DrawPlannerTest, ATagWhoseCallsFailTwiceIsLeftAlone) {
  make();
  script_ = {kDog, kDog, kDog, kBeach, kBeach};
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(asks(), kDog);
    planner_->on_listing({.asked = kDog, .outcome = Listing::Outcome::failed});
  }
  EXPECT_EQ(asks(), kBeach);
  planner_->on_listing({.asked = kBeach, .outcome = Listing::Outcome::refused});
  EXPECT_FALSE(planner_->next(kRoom));
  EXPECT_THAT(outcomes(),
              ElementsAre(Outcome::failed, Outcome::failed, Outcome::empty, Outcome::failed, Outcome::empty));
}

TEST_F(DrawPlannerTest, KeepsAnImageForEachCall) {
  make();
  script_ = {kDog, kBeach};
  EXPECT_EQ(asks({.calls = 10, .images = 1}), kDog);
  EXPECT_EQ(planner_->images_kept(), 1);
  EXPECT_FALSE(planner_->next({.calls = 9, .images = 1})) << "the only image is kept for the dog";
  list(kDog, {0});
  EXPECT_EQ(looks({.calls = 9, .images = 1}), 0u);
  EXPECT_EQ(planner_->images_kept(), 0);
}

TEST_F(DrawPlannerTest, WaitsForACallThatMayComeBackAndElseEnds) {
  make();
  script_ = {kDog};
  EXPECT_FALSE(planner_->next({.calls = 0, .images = 10, .calls_may_return = true}));
  EXPECT_TRUE(ended_.empty());
  EXPECT_EQ(asks({.calls = 1, .images = 10}), kDog) << "one came back";
  list(kDog, {});
  script_ = {kBeach};
  EXPECT_FALSE(planner_->next({.calls = 0, .images = 10}));
  EXPECT_THAT(outcomes(), ElementsAre(Outcome::empty, Outcome::empty));
  EXPECT_EQ(planner_->end(), Planner::End::calls);
}

TEST_F(DrawPlannerTest, EndsAfterItsDraws) {
  make({.max_draws = 2});
  script_ = {kDog, kBeach, kDog};
  EXPECT_EQ(asks(), kDog);
  EXPECT_EQ(planner_->end(), Planner::End::exhausted);
  EXPECT_EQ(asks(), kBeach);
  EXPECT_FALSE(planner_->next(kRoom));
  EXPECT_EQ(planner_->end(), Planner::End::rounds);
}

}  // namespace
}  // namespace lookalike

#include "core/search/strategies/adaptive_planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/core/search/session/fake_service.h"

namespace lookalike {
namespace {

using testing::Contains;
using testing::ElementsAre;

using Ask = Planner::Ask;
using Look = Planner::Look;

constexpr Planner::Room kRoom{.calls = 50, .images = 50};

TEST(AdaptivePlanner, AsksTheFirstQueriesAndWaitsForMostOfThem) {
  const TagTable tags;
  const auto planner = make_adaptive_planner({.tags = &tags});
  for (TagId tag = 0; tag < 6; ++tag)
    planner->add_first_query(tag);
  for (TagId tag = 0; tag < 6; ++tag)
    EXPECT_EQ(std::get<Ask>(*planner->next(kRoom)).tag, tag);
  EXPECT_FALSE(planner->next(kRoom));
  const std::vector<TagId> ten = {10};
  const ListedPhoto photo{.photo = 0, .is_new = true, .tags = ten};
  planner->on_listing({.asked = 0, .photos = {&photo, 1}});
  EXPECT_FALSE(planner->next(kRoom));
  planner->on_listing({.asked = 1});
  planner->on_listing({.asked = 2});
  EXPECT_EQ(std::get<Look>(*planner->next(kRoom)).photo, 0u);
}

TEST(AdaptivePlanner, LooksAtWhatTheTagsOfGoodPhotosPromise) {
  const TagTable tags;
  const auto planner = make_adaptive_planner({.tags = &tags});
  planner->add_first_query(0);
  (void)planner->next(kRoom);
  const std::vector<TagId> good = {1}, bad = {2};
  std::vector<ListedPhoto> photos;
  for (PhotoNumber number = 0; number < 20; ++number) {
    photos.push_back({.photo = number, .is_new = true, .tags = number % 2 == 0 ? good : bad});
  }
  planner->on_listing({.asked = 0, .photos = photos});
  int good_looks = 0;
  for (int i = 0; i < 10; ++i) {
    const auto number = std::get<Look>(*planner->next({.calls = 0, .images = 50})).photo;
    good_looks += number % 2 == 0 ? 1 : 0;
    planner->on_look({.photo = number, .log_score = number % 2 == 0 ? 10.0 : 1.0});
  }
  EXPECT_GE(good_looks, 8);
}

TEST(AdaptivePlanner, APhotoThatIsTwiceInOneAnswerIsOnePhoto) {
  const TagTable tags;
  const auto planner = make_adaptive_planner({.tags = &tags});
  planner->add_first_query(0);
  (void)planner->next(kRoom);
  const std::vector<TagId> one = {1}, two = {2};
  const std::vector<ListedPhoto> photos = {{.photo = 0, .is_new = true, .tags = one},
                                           {.photo = 0, .is_new = true, .tags = one},
                                           {.photo = 1, .is_new = true, .tags = two}};
  planner->on_listing({.asked = 0, .photos = photos});
  std::set<PhotoNumber> looked_at;
  for (int i = 0; i < 2; ++i) {
    const auto number = std::get<Look>(*planner->next({.calls = 0, .images = 50})).photo;
    looked_at.insert(number);
    planner->on_look({.photo = number, .log_score = 1.0});
  }
  EXPECT_THAT(looked_at, ElementsAre(0, 1));
  EXPECT_FALSE(planner->next({.calls = 0, .images = 50}));
}

// Two axes, so that what is near what is plain.
class FewWords final : public WordVectors {
 public:
  size_t dimensions() const override { return 2; }
  bool add(std::string_view word, std::span<float> sum) const override {
    const bool at_sea = word == "seashore" || word == "beach";
    if (!at_sea && word != "desk" && word != "chair") return false;
    sum[at_sea ? 0 : 1] += 1;
    return true;
  }
};

TEST(AdaptivePlanner, LearnsOfTagsFromThoseThatMeanMuchTheSame) {
  const FewWords words;
  TagTable tags;
  std::vector<std::vector<TagId>> tags_of;
  for (const char* text : {"seashore", "desk", "chair", "beach"})
    tags_of.push_back({*tags.intern(text)});
  const auto planner = make_adaptive_planner({.tags = &tags, .words = &words});
  const TagId first_query = *tags.intern("photo");
  planner->add_first_query(first_query);
  (void)planner->next(kRoom);
  std::vector<ListedPhoto> photos;
  for (PhotoNumber number = 0; number < tags_of.size(); ++number)
    photos.push_back({.photo = number, .is_new = true, .tags = tags_of[number]});
  planner->on_listing({.asked = first_query, .photos = photos});
  const Planner::Room no_calls{.calls = 0, .images = 50};
  EXPECT_EQ(std::get<Look>(*planner->next(no_calls)).photo, 0u);
  EXPECT_EQ(std::get<Look>(*planner->next(no_calls)).photo, 1u);
  planner->on_look({.photo = 0, .log_score = 10.0});
  planner->on_look({.photo = 1, .log_score = 1.0});
  EXPECT_EQ(std::get<Look>(*planner->next(no_calls)).photo, 3u);
}

TEST(AdaptivePlanner, NeverLooksTwiceNorAsksTwice) {
  FakeService service;
  for (int i = 0; i < 200; ++i) {
    const std::string kind = i % 2 == 0 ? "dog" : "stone";
    service.add({std::to_string(i),
                 {kind, "own" + std::to_string(i), "group" + std::to_string(i % 17)},
                 i % 2 == 0 ? 5.0f : 1.0f});
  }
  ValueScorer scorer;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    service.asked.clear();
    service.looked_at.clear();
    Random order(seed);
    SearchSession session({.max_calls = 40, .max_images = 90, .first_queries = {{"dog"}, {"stone"}, {"nothing"}}},
                          **find_strategy("adaptive"), scorer);
    const SearchOutcome outcome = run_session(session, service, &order);
    EXPECT_LE(outcome.counts.api_calls, 40);
    EXPECT_EQ(outcome.counts.images_downloaded, 90);
    EXPECT_EQ(outcome.stopped_by, StopReason::max_images);
    for (const auto& [id, times] : service.looked_at)
      EXPECT_EQ(times, 1) << id;
    const std::set<std::string> distinct(service.asked.begin(), service.asked.end());
    EXPECT_EQ(distinct.size(), service.asked.size());
    const auto dogs = std::count_if(outcome.photos.begin(), outcome.photos.end(),
                                    [](const auto& found) { return found.photo.tags[0] == "dog"; });
    EXPECT_GE(dogs, 70);
  }
}

TEST(AdaptivePlanner, EscapesWrongFirstQueries) {
  FakeService service;
  // The wrong kind shares one rare tag with the right one, as a garden shares a bench with a park.
  for (int i = 0; i < 60; ++i)
    service.add({"w" + std::to_string(i), {"leopard", i == 0 ? "cat" : "spots"}, 1.0f + (i == 0)});
  for (int i = 0; i < 60; ++i)
    service.add({"r" + std::to_string(i), {"cat", "tabby"}, 8.0f});
  ValueScorer scorer;
  SearchSession session({.max_calls = 20, .max_images = 100, .first_queries = {{"leopard"}}},
                        **find_strategy("adaptive"), scorer);
  const SearchOutcome outcome = run_session(session, service);
  EXPECT_THAT(service.asked, Contains("cat"));
  EXPECT_EQ(outcome.photos.front().photo.tags[0], "cat");
}

TEST(AdaptivePlanner, EndsOnEmptyAndFailingServices) {
  FakeService service;
  ValueScorer scorer;
  SearchSession nothing({.first_queries = {{"dog", "hound"}}}, **find_strategy("adaptive"), scorer);
  EXPECT_TRUE(run_session(nothing, service).photos.empty());
  EXPECT_THAT(service.asked, Contains("hound"));
  EXPECT_THAT(service.asked, Contains("sea"));
  service.call_fault = [](const PhotoQuery&) { return Error{ErrorCode::network, "refused"}; };
  SearchSession failing({.first_queries = {{"dog"}}}, **find_strategy("adaptive"), scorer);
  const SearchOutcome outcome = run_session(failing, service);
  EXPECT_EQ(outcome.counts.calls_answered, 0);
  EXPECT_FALSE(outcome.errors.empty());
}

TEST(AdaptivePlanner, FailedPhotosAreNotLearntFromAndNotTriedAgain) {
  FakeService service;
  for (int i = 0; i < 30; ++i)
    service.add({std::to_string(i), {"dog"}, 1.0f});
  service.image_fault = [](const Photo& photo) -> std::optional<Error> {
    if (photo.id.size() == 1) return Error{ErrorCode::bad_data, "truncated JPEG"};
    return std::nullopt;
  };
  ValueScorer scorer;
  SearchSession session({.first_queries = {{"dog"}}}, **find_strategy("adaptive"), scorer);
  const SearchOutcome outcome = run_session(session, service);
  EXPECT_EQ(outcome.counts.images_failed, 10);
  EXPECT_EQ(outcome.photos.size(), 20u);
  EXPECT_EQ(outcome.stopped_by, StopReason::exhausted);
}

}  // namespace
}  // namespace lookalike

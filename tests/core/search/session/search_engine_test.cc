#include "core/search/session/search_engine.h"

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <thread>
#include <utility>

#include "tests/core/search/session/fake_service.h"

namespace lookalike {
namespace {

using namespace std::chrono_literals;

// Answers from threads of their own, as real sources do.
class ThreadedProvider final : public Provider {
 public:
  explicit ThreadedProvider(FakeService& service) : service_(service) {}
  const std::string& name() const override { return name_; }
  void search(const PhotoQuery& query, Done done) override {
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([done = std::move(done), answer = service_.answer(query)] { done(answer); });
  }

 private:
  std::string name_ = "fake";
  FakeService& service_;
  std::mutex mutex_;
  std::vector<std::jthread> threads_;
};

class InlineFeatures final : public FeatureSource {
 public:
  explicit InlineFeatures(FakeService& service) : service_(service) {}
  void fetch(const Photo& photo, int, Reports reports) override { reports.done(service_.features(photo)); }

 private:
  FakeService& service_;
};

// The transfer's end, then the features.
class TellingFeatures final : public FeatureSource {
 public:
  explicit TellingFeatures(FakeService& service) : service_(service) {}
  void fetch(const Photo& photo, int, Reports reports) override {
    auto answer = service_.features(photo);
    reports.transferred(answer.cost);
    reports.done(std::move(answer));
  }

 private:
  FakeService& service_;
};

// Never answers.
class SilentFeatures final : public FeatureSource {
 public:
  void fetch(const Photo&, int, Reports reports) override { kept_.push_back(std::move(reports.done)); }
  std::vector<Done> kept_;
};

class SearchEngineTest : public testing::Test {
 protected:
  SearchEngineTest() {
    for (int i = 0; i < 30; ++i)
      service_.add({std::to_string(i), {"dog"}, static_cast<float>(i)});
  }
  FakeService service_;
  ThreadedProvider provider_{service_};
  ValueScorer scorer_;
  SystemClock clock_;
  SearchSession session_{{.first_queries = {{"dog"}}}, **find_strategy("greedy"), scorer_};
};

TEST_F(SearchEngineTest, RunsToTheEnd) {
  InlineFeatures features(service_);
  int progress = 0;
  const auto outcome =
      SearchEngine(provider_, features, clock_).run(session_, {}, std::nullopt, [&](const SearchSession&) {
        ++progress;
      });
  EXPECT_EQ(outcome->photos.size(), 30u);
  EXPECT_EQ(outcome->photos.front().photo.id, "29");
  EXPECT_GT(progress, 30);
}

TEST_F(SearchEngineTest, HandsOnThatATransferIsOver) {
  TellingFeatures features(service_);
  const auto outcome = SearchEngine(provider_, features, clock_).run(session_, {}, std::nullopt, nullptr);
  EXPECT_EQ(outcome->photos.size(), 30u);
  EXPECT_EQ(outcome->counts.images_downloaded, 30);
  EXPECT_EQ(outcome->counts.images_scored, 30);
}

TEST_F(SearchEngineTest, AsksForWordsWhileTheQueryIsDescribed) {
  InlineFeatures features(service_);
  SearchSession session({.first_queries = {{"dog"}}}, **find_strategy("greedy"));
  std::promise<void> answered;
  // The query is known only when the first answer has come.
  const auto progress = [&, told = false](const SearchSession& now) mutable {
    if (now.counts().calls_answered == 1 && !std::exchange(told, true)) answered.set_value();
  };
  const auto outcome = SearchEngine(provider_, features, clock_).run(session, {}, std::nullopt, progress, [&] {
    answered.get_future().wait();
    return Result<SearchQuery>(SearchQuery{.scorer = std::make_shared<ValueScorer>(), .first_queries = {}});
  });
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->photos.size(), 30u);
}

TEST_F(SearchEngineTest, EndsWithTheErrorOfAQueryThatCannotBeDescribed) {
  InlineFeatures features(service_);
  SearchSession session({}, **find_strategy("greedy"));
  const auto outcome = SearchEngine(provider_, features, clock_).run(session, {}, std::nullopt, nullptr, [] {
    return Result<SearchQuery>(Error{ErrorCode::model, "no such layer"});
  });
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().message, "no such layer");
}

TEST_F(SearchEngineTest, StopsAtTheTimeLimitThoughTheQueryIsNotKnown) {
  InlineFeatures features(service_);
  SearchSession session({}, **find_strategy("greedy"));
  std::promise<void> over;
  const auto begun = clock_.now();
  // Shown for the last time at the time limit.
  const auto progress = [&, told = false](const SearchSession&) mutable {
    if (clock_.now() >= begun + 20ms && !std::exchange(told, true)) over.set_value();
  };
  const auto outcome = SearchEngine(provider_, features, clock_).run(session, {}, begun + 20ms, progress, [&] {
    over.get_future().wait();
    return Result<SearchQuery>(Error{ErrorCode::interrupted, "too late to matter"});
  });
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->stopped_by, StopReason::time_limit);
  EXPECT_EQ(outcome->counts.api_calls, 0);
}

// Answers that were here and not yet taken in are lost in no case.
TEST_F(SearchEngineTest, WhatCameJustBeforeAnInterruptionCounts) {
  std::stop_source stop;
  // All photos come at once with the interruption.
  class Last final : public FeatureSource {
   public:
    Last(FakeService& service, std::stop_source& stop) : service_(service), stop_(stop) {}
    void fetch(const Photo& photo, int, Reports reports) override {
      stop_.request_stop();
      reports.done(service_.features(photo));
    }

   private:
    FakeService& service_;
    std::stop_source& stop_;
  } features(service_, stop);
  const auto outcome = SearchEngine(provider_, features, clock_).run(session_, stop.get_token(), std::nullopt, nullptr);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->stopped_by, StopReason::interrupted);
  EXPECT_GT(outcome->photos.size(), 0u);
}

TEST_F(SearchEngineTest, StopsAtTheTimeLimitWithWhatItHas) {
  SilentFeatures features;
  const auto outcome = SearchEngine(provider_, features, clock_).run(session_, {}, clock_.now() + 20ms, nullptr);
  EXPECT_EQ(outcome->stopped_by, StopReason::time_limit);
  EXPECT_EQ(outcome->counts.calls_answered, 1);
  // An answer that comes after the end goes nowhere.
  for (auto& done : features.kept_)
    done({Embedding{1.0f}, {}});
}

TEST_F(SearchEngineTest, StopsWhenInterrupted) {
  SilentFeatures features;
  std::stop_source stop;
  std::jthread interrupter([&stop] {
    std::this_thread::sleep_for(5ms);
    stop.request_stop();
  });
  const auto outcome = SearchEngine(provider_, features, clock_).run(session_, stop.get_token(), std::nullopt, nullptr);
  EXPECT_EQ(outcome->stopped_by, StopReason::interrupted);
}

}  // namespace
}  // namespace lookalike

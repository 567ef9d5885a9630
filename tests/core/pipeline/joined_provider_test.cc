#include "core/pipeline/joined_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lookalike {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Keeps what it is asked until it is told what to answer.
class FakeSource final : public Provider {
 public:
  explicit FakeSource(std::string name) : name_(std::move(name)) {}

  const std::string& name() const override { return name_; }
  void search(const PhotoQuery& query, Done done) override { asked.emplace_back(query, std::move(done)); }

  void answer(PhotoAnswer answer) {
    auto [query, done] = std::move(asked.front());
    asked.pop_front();
    done(std::move(answer));
  }
  void give(const std::vector<std::string>& ids, bool has_more = false, int requests = 1) {
    PhotoPage page{.photos = {}, .has_more = has_more};
    for (const std::string& id : ids)
      page.photos.push_back({.provider = name_, .id = id});
    answer({.page = std::move(page), .cost = {.requests = requests, .bytes = 10}});
  }
  void fail(Error error) { answer({.page = std::move(error), .cost = {.requests = 1}}); }
  void fail(ErrorCode code) { answer({.page = Error{code, name_ + " failed"}, .cost = {.requests = 1}}); }

  std::deque<std::pair<PhotoQuery, Done>> asked;

 private:
  std::string name_;
};

class JoinedProviderTest : public testing::Test {
 protected:
  JoinedProviderTest() { join({"flickr", "openverse"}); }

  void join(const std::vector<std::string>& names) {
    std::vector<std::unique_ptr<Provider>> sources;
    sources_.clear();
    for (const std::string& name : names) {
      auto source = std::make_unique<FakeSource>(name);
      sources_.push_back(source.get());
      sources.push_back(std::move(source));
    }
    joined_ = std::make_unique<JoinedProvider>(std::move(sources),
                                               [this](LogLevel, std::string_view line) { log_.emplace_back(line); });
  }

  void ask(const std::string& text = "cat", int page = 1) {
    joined_->search({.text = text, .page = page, .max_requests = 4},
                    [this](PhotoAnswer answer) { answers_.push_back(std::move(answer)); });
  }

  static std::vector<std::string> ids(const PhotoAnswer& answer) {
    std::vector<std::string> ids;
    for (const Photo& photo : answer.page->photos)
      ids.push_back(photo.id);
    return ids;
  }

  std::vector<std::string> log_;
  std::vector<PhotoAnswer> answers_;
  std::vector<FakeSource*> sources_;
  std::unique_ptr<JoinedProvider> joined_;
};

TEST_F(JoinedProviderTest, PhotosComeInTurns) {
  EXPECT_EQ(joined_->name(), "flickr,openverse");
  ask();
  sources_[1]->give({"x", "y", "z"}, true, 1);
  EXPECT_THAT(answers_, IsEmpty());
  sources_[0]->give({"a"}, false, 3);
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_THAT(ids(answers_[0]), ElementsAre("a", "x", "y", "z"));
  EXPECT_TRUE(answers_[0].page->has_more);
  EXPECT_EQ(answers_[0].cost.requests, 4);
  EXPECT_EQ(answers_[0].cost.charged, 3) << "each source has the budget to itself";
  EXPECT_EQ(answers_[0].cost.bytes, 20);
  ASSERT_EQ(answers_[0].shares.size(), 2u);
  EXPECT_EQ(answers_[0].shares[1].source, "openverse");
  EXPECT_EQ(answers_[0].shares[1].photos, 3);
}

TEST_F(JoinedProviderTest, ASourceThatThereIsNoWayToIsNotAskedAgain) {
  ask();
  sources_[0]->give({"a"}, true);
  sources_[1]->fail({ErrorCode::network, "no way", ErrorCause::unreachable});
  ASSERT_EQ(log_.size(), 1u);
  EXPECT_EQ(log_[0], "openverse is not asked any more: no way");
  ask("dog");
  EXPECT_THAT(sources_[1]->asked, IsEmpty());
}

TEST_F(JoinedProviderTest, OfTheLastSourceTheSearchItselfTells) {
  ask();
  sources_[0]->fail({ErrorCode::network, "no way", ErrorCause::unreachable});
  sources_[1]->fail({ErrorCode::network, "no way either", ErrorCause::unreachable});
  EXPECT_EQ(log_.size(), 1u);
  EXPECT_EQ(answers_.back().page.error().cause, ErrorCause::unreachable);
}

TEST_F(JoinedProviderTest, WhatOneSearchWouldNotWaitForEndsNoSource) {
  for (int i = 0; i < 5; ++i) {
    ask();
    sources_[0]->give({"a"}, true);
    sources_[1]->fail({ErrorCode::quota, "wait", ErrorCause::rate});
  }
  EXPECT_THAT(log_, IsEmpty());
  EXPECT_EQ(answers_.size(), 5u);
}

TEST_F(JoinedProviderTest, OnlyThoseWithMoreAreAskedForTheNextPage) {
  ask();
  sources_[0]->give({"a"}, false);
  sources_[1]->give({"x"}, true);
  ask("cat", 2);
  EXPECT_THAT(sources_[0]->asked, IsEmpty());
  ASSERT_EQ(sources_[1]->asked.size(), 1u);
  sources_[1]->give({"y"}, false);
  EXPECT_THAT(ids(answers_.back()), ElementsAre("y"));
  ask("cat", 3);
  ASSERT_EQ(answers_.size(), 3u);
  ASSERT_TRUE(answers_[2].page.ok());
  EXPECT_THAT(ids(answers_[2]), IsEmpty());
}

TEST_F(JoinedProviderTest, OneFailureIsTheAnswersShareAndAllAreItsError) {
  ask();
  sources_[0]->fail(ErrorCode::network);
  sources_[1]->give({"x"});
  ASSERT_TRUE(answers_[0].page.ok());
  EXPECT_THAT(ids(answers_[0]), ElementsAre("x"));
  ASSERT_TRUE(answers_[0].shares[0].error);
  EXPECT_EQ(answers_[0].shares[0].error->code, ErrorCode::network);
  ask();
  sources_[0]->fail(ErrorCode::network);
  sources_[1]->fail(ErrorCode::quota);
  ASSERT_FALSE(answers_[1].page.ok());
}

TEST_F(JoinedProviderTest, ARefusedKeyEndsThatSourceAlone) {
  ask();
  sources_[0]->fail(ErrorCode::auth);
  sources_[1]->fail(ErrorCode::network);
  ASSERT_FALSE(answers_[0].page.ok());
  EXPECT_EQ(answers_[0].page.error().code, ErrorCode::network) << "the end of one is not the end of all";
  EXPECT_THAT(log_, Contains(HasSubstr("flickr is not asked any more")));
  ask("dog");
  EXPECT_THAT(sources_[0]->asked, IsEmpty());
  sources_[1]->fail(ErrorCode::auth);
  EXPECT_EQ(answers_[1].page.error().code, ErrorCode::auth);
  ask("cow");
  ASSERT_EQ(answers_.size(), 3u);
  EXPECT_FALSE(answers_[2].page.ok()) << "nobody is left";
}

TEST_F(JoinedProviderTest, FailuresInARowEndASource) {
  for (int i = 0; i < JoinedProvider::kFailuresInARow - 1; ++i) {
    ask();
    sources_[0]->fail(ErrorCode::network);
    sources_[1]->give({});
  }
  ask();
  sources_[0]->give({});
  sources_[1]->give({});
  EXPECT_THAT(log_, IsEmpty());
  for (int i = 0; i < JoinedProvider::kQuotaRefusalsInARow; ++i) {
    ask();
    sources_[0]->fail(ErrorCode::quota);
    sources_[1]->give({});
  }
  ask();
  EXPECT_THAT(sources_[0]->asked, IsEmpty());
}

TEST_F(JoinedProviderTest, AQueryAtFaultSaysNothingOfTheSource) {
  for (int i = 0; i < 2 * JoinedProvider::kFailuresInARow; ++i) {
    ask();
    sources_[0]->fail(ErrorCode::usage);
    sources_[1]->give({});
  }
  ask();
  EXPECT_EQ(sources_[0]->asked.size(), 1u);
}

TEST_F(JoinedProviderTest, ASlowSourceIsPassedOverWhileItHasEnoughToAnswer) {
  for (int i = 0; i < JoinedProvider::kMostWaiting; ++i) {
    ask("tag" + std::to_string(i));
    sources_[0]->give({"a"});
  }
  EXPECT_THAT(answers_, IsEmpty());
  ask("another");
  EXPECT_EQ(sources_[1]->asked.size(), static_cast<size_t>(JoinedProvider::kMostWaiting));
  sources_[0]->give({"b"});
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_THAT(ids(answers_[0]), ElementsAre("b"));
  sources_[1]->give({"x"});
  EXPECT_EQ(answers_.size(), 2u);
}

TEST_F(JoinedProviderTest, TwoFoldersHaveDifferentIds) {
  join({"folder", "folder"});
  EXPECT_EQ(joined_->name(), "folder");
  ask();
  sources_[0]->give({"a.jpg"});
  sources_[1]->give({"a.jpg"});
  EXPECT_THAT(ids(answers_[0]), ElementsAre("a.jpg", "2:a.jpg"));
}

TEST_F(JoinedProviderTest, AnswersFromTheCacheCountAsOneRequestEach) {
  ask();
  for (FakeSource* const source : sources_)
    source->answer({.page = PhotoPage{}, .cost = {.cached = true}});
  EXPECT_TRUE(answers_[0].cost.cached);
  EXPECT_EQ(answers_[0].cost.charged, 1);
}

TEST_F(JoinedProviderTest, SourcesAnswerFromThreadsOfTheirOwn) {
  constexpr int kRounds = 200;
  for (int i = 0; i < kRounds; ++i) {
    ask("tag" + std::to_string(i));
    std::thread first([&] { sources_[0]->give({"a"}); });
    std::thread second([&] { sources_[1]->give({"x"}); });
    first.join();
    second.join();
  }
  EXPECT_EQ(answers_.size(), static_cast<size_t>(kRounds));
}

// A folder of photos that can be listed.
class ListingSource final : public Provider {
 public:
  explicit ListingSource(size_t photos) : photos_(photos) {}
  const std::string& name() const override { return name_; }
  void search(const PhotoQuery&, Done) override {}
  size_t listable(ListOf) const override { return photos_; }
  std::vector<Photo> list(ListOf, size_t limit) const override {
    std::vector<Photo> photos;
    for (size_t i = 0; i < std::min(limit, photos_); ++i)
      photos.push_back({.provider = name_, .id = std::to_string(i)});
    return photos;
  }
  std::vector<Photo> copies_of(const FileIdentity&, const std::stop_token&) const override { return list({}, 1); }

 private:
  size_t photos_;
  std::string name_ = "folder";
};

std::vector<std::string> ids_of(const std::vector<Photo>& photos) {
  std::vector<std::string> ids;
  for (const Photo& photo : photos)
    ids.push_back(photo.id);
  return ids;
}

TEST(JoinedProvider, ListsWhatItsSourcesListInTurns) {
  std::vector<std::unique_ptr<Provider>> sources;
  sources.push_back(std::make_unique<ListingSource>(3));
  sources.push_back(std::make_unique<FakeSource>("flickr"));
  sources.push_back(std::make_unique<ListingSource>(1));
  const JoinedProvider joined(std::move(sources), {});
  EXPECT_EQ(joined.listable(ListOf::every_photo), 4u);
  EXPECT_FALSE(joined.lists_all());
  EXPECT_THAT(ids_of(joined.list(ListOf::every_photo, 10)), ElementsAre("0", "2:0", "1", "2"));
  EXPECT_THAT(ids_of(joined.list(ListOf::every_photo, 2)), ElementsAre("0", "2:0"));
  EXPECT_THAT(ids_of(joined.copies_of({}, {})), ElementsAre("0", "2:0"));
}

}  // namespace
}  // namespace lookalike

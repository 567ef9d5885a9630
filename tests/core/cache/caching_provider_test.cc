#include "core/cache/caching_provider.h"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "core/cache/memory_cache.h"
#include "tests/support/fake_clock.h"

namespace lookalike {
namespace {

using std::chrono::hours;

constexpr const char* kSecret = "0123456789abcdef";

// Answers at once, and counts.
class CountingProvider final : public Provider {
 public:
  CountingProvider(int& asked, std::optional<Error>& fault, Photo& photo)
      : asked_(asked), fault_(fault), photo_(photo) {}
  const std::string& name() const override { return name_; }
  void search(const PhotoQuery& query, Done done) override {
    ++asked_;
    last_bound = query.uploaded_before;
    if (fault_) return done({*fault_, {.requests = 1}});
    done({PhotoPage{{photo_}, true}, {.requests = 1, .bytes = 10}});
  }

  std::optional<std::chrono::system_clock::time_point> last_bound;

 private:
  std::string name_ = "counting";
  int& asked_;
  std::optional<Error>& fault_;
  Photo& photo_;
};

class CachingProviderTest : public testing::Test {
 protected:
  std::unique_ptr<CachingProvider> open(const std::string& identity = "flickr") {
    auto inner = std::make_unique<CountingProvider>(asked_, fault_, photo_);
    inner_ = inner.get();
    return std::make_unique<CachingProvider>(std::move(inner),
                                             std::make_shared<CacheQueue>(std::make_unique<Borrowed>(store_)),
                                             CachingProvider::Settings{identity, kSecret});
  }
  // Closed after each question, so that what is to be kept is kept.
  PhotoAnswer ask(const PhotoQuery& query, const std::string& identity = "flickr") {
    const auto provider = open(identity);
    std::promise<PhotoAnswer> promise;
    provider->search(query, [&promise](PhotoAnswer answer) { promise.set_value(std::move(answer)); });
    auto answer = promise.get_future().get();
    last_bound_ = inner_->last_bound;
    return answer;
  }

  // A store that outlives the queues of a test.
  class Borrowed final : public CacheStore {
   public:
    explicit Borrowed(CacheStore& store) : store_(store) {}
    std::optional<std::string> get(const std::string& key) override { return store_.get(key); }
    void put(const std::vector<CacheRecord>& records) override { store_.put(records); }

   private:
    CacheStore& store_;
  };

  test::FakeClock clock_;
  MemoryCache store_{1 << 20, clock_};
  int asked_ = 0;
  std::optional<Error> fault_;
  Photo photo_{.id = "7", .page_url = "https://p.example/7", .image_url = "https://i.example/7.jpg"};
  CountingProvider* inner_ = nullptr;
  std::optional<std::chrono::system_clock::time_point> last_bound_;
};

TEST_F(CachingProviderTest, AsksOnceAndSaysWhatCameFromTheCache) {
  const PhotoAnswer first = ask({.text = "cat"});
  EXPECT_FALSE(first.cost.cached);
  EXPECT_EQ(first.cost.requests, 1);
  const PhotoAnswer second = ask({.text = "cat"});
  EXPECT_TRUE(second.cost.cached);
  EXPECT_EQ(second.cost.requests, 0);
  ASSERT_TRUE(second.page.ok());
  EXPECT_EQ(second.page->photos.at(0).image_url, photo_.image_url);
  EXPECT_TRUE(second.page->has_more);
  EXPECT_EQ(asked_, 1);
}

TEST_F(CachingProviderTest, EveryPartOfTheQuestionCounts) {
  (void)ask({.text = "cat"});
  (void)ask({.text = "dog"});
  (void)ask({.text = "cat", .page = 2});
  (void)ask({.text = "cat", .per_page = 31});
  (void)ask({.text = "cat", .uploaded_before = clock_.wall_time()});
  (void)ask({.text = "cat"}, "flickr, other licence");
  EXPECT_EQ(asked_, 6);
  (void)ask({.text = "cat", .max_requests = 1});
  EXPECT_EQ(asked_, 6);
}

TEST_F(CachingProviderTest, UploadBoundsAreRoundedToDaysAlsoInWhatIsAsked) {
  const auto day = std::chrono::floor<std::chrono::days>(clock_.wall_time());
  (void)ask({.text = "cat", .uploaded_before = day + hours(3)});
  EXPECT_EQ(last_bound_, day);
  EXPECT_TRUE(ask({.text = "cat", .uploaded_before = day + hours(23)}).cost.cached);
  EXPECT_FALSE(ask({.text = "cat", .uploaded_before = day + hours(25)}).cost.cached);
}

TEST_F(CachingProviderTest, FailuresAreNotKept) {
  fault_ = Error{ErrorCode::network, "down"};
  EXPECT_FALSE(ask({.text = "cat"}).page.ok());
  fault_.reset();
  EXPECT_TRUE(ask({.text = "cat"}).page.ok());
  EXPECT_EQ(asked_, 2);
}

TEST_F(CachingProviderTest, WhatHoldsTheKeyOrLiesOnThisDiskIsNotKept) {
  photo_.title = std::string("echo ") + kSecret;
  (void)ask({.text = "cat"});
  EXPECT_FALSE(ask({.text = "cat"}).cost.cached);
  photo_.title = "";
  photo_.local_path = "/pictures/7.jpg";
  (void)ask({.text = "dog"});
  EXPECT_FALSE(ask({.text = "dog"}).cost.cached);
}

TEST_F(CachingProviderTest, WhatIsNoRecordIsAskedForAnew) {
  class Nonsense final : public CacheStore {
   public:
    std::optional<std::string> get(const std::string&) override { return "nonsense"; }
    void put(const std::vector<CacheRecord>&) override {}
  };
  CachingProvider provider(std::make_unique<CountingProvider>(asked_, fault_, photo_),
                           std::make_shared<CacheQueue>(std::make_unique<Nonsense>()), {"flickr", ""});
  std::promise<PhotoAnswer> promise;
  provider.search({.text = "cat"}, [&promise](PhotoAnswer answer) { promise.set_value(std::move(answer)); });
  EXPECT_FALSE(promise.get_future().get().cost.cached);
}

// Answers when told to.
class SlowProvider final : public Provider {
 public:
  explicit SlowProvider(std::vector<Done>& asked) : asked_(asked) {}
  const std::string& name() const override { return name_; }
  void search(const PhotoQuery&, Done done) override { asked_.push_back(std::move(done)); }

 private:
  std::string name_ = "slow";
  std::vector<Done>& asked_;
};

TEST(CachingProviderAtOnce, ThoseWhoAskTheSameShareOneRequest) {
  const test::FakeClock clock;
  for (const bool fails : {false, true}) {
    std::vector<Provider::Done> asked;
    std::mutex mutex;
    std::vector<PhotoAnswer> answers;
    auto queue = std::make_shared<CacheQueue>(std::make_unique<MemoryCache>(1 << 20, clock));
    CachingProvider provider(std::make_unique<SlowProvider>(asked), queue, {"flickr", kSecret});
    const auto ask = [&] {
      provider.search({.text = "cat"}, [&](PhotoAnswer answer) {
        const std::lock_guard lock(mutex);
        answers.push_back(std::move(answer));
      });
    };
    for (int i = 0; i < 4; ++i)
      ask();
    std::promise<void> looked_up;  // whoever came before has been looked up, too
    queue->look_up("none", [&](const auto&) { looked_up.set_value(); });
    looked_up.get_future().wait();
    ASSERT_EQ(asked.size(), 1u);
    asked[0]({fails ? Result<PhotoPage>(Error{ErrorCode::network, "gone"}) : PhotoPage{}, {.requests = 1}});
    ask();
    std::promise<void> again;
    queue->look_up("none", [&](const auto&) { again.set_value(); });
    again.get_future().wait();
    EXPECT_EQ(asked.size(), fails ? 2u : 1u);  // a failure is not kept
    if (fails) asked[1]({PhotoPage{}, {.requests = 1}});
    ASSERT_EQ(answers.size(), 5u);
    int requests = 0;
    for (const PhotoAnswer& answer : answers)
      requests += answer.cost.requests;
    EXPECT_EQ(requests, fails ? 2 : 1);
  }
}

}  // namespace
}  // namespace lookalike

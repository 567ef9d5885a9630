#include "core/cache/caching_feature_source.h"

#include <gtest/gtest.h>

#include <future>

#include "core/base/text/digest.h"
#include "core/cache/memory_cache.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

class CountingSource final : public FeatureSource {
 public:
  CountingSource(int& asked, std::optional<Error>& fault) : asked_(asked), fault_(fault) {}
  void fetch(const Photo& photo, int, Reports reports) override {
    ++asked_;
    if (fault_) return reports.done({*fault_, {.requests = 1}});
    reports.transferred({.requests = 1, .bytes = 10});
    reports.done({Embedding{static_cast<float>(photo.image_url.size()), 0.5f}, {.requests = 1, .bytes = 10}});
  }

 private:
  int& asked_;
  std::optional<Error>& fault_;
};

class CachingFeatureSourceTest : public testing::Test {
 protected:
  class Borrowed final : public CacheStore {
   public:
    explicit Borrowed(CacheStore& store) : store_(store) {}
    std::optional<std::string> get(const std::string& key) override { return store_.get(key); }
    void put(const std::vector<CacheRecord>& records) override { store_.put(records); }

   private:
    CacheStore& store_;
  };

  FeatureAnswer fetch(const Photo& photo, const std::string& identity = "network") {
    CachingFeatureSource source(std::make_unique<CountingSource>(asked_, fault_),
                                std::make_shared<CacheQueue>(std::make_unique<Borrowed>(store_)), identity);
    std::promise<FeatureAnswer> promise;
    source.fetch(photo, 3,
                 {.transferred = [this](TransferCost) { ++transferred_; },
                  .done = [&promise](FeatureAnswer answer) { promise.set_value(std::move(answer)); }});
    return promise.get_future().get();
  }

  test::TemporaryFolder folder_;
  test::FakeClock clock_;
  MemoryCache store_{1 << 20, clock_};
  int asked_ = 0;
  int transferred_ = 0;
  std::optional<Error> fault_;
};

TEST_F(CachingFeatureSourceTest, ComputesOnce) {
  const FeatureAnswer first = fetch({.image_url = "https://i.example/1.jpg"});
  const FeatureAnswer second = fetch({.id = "another photo", .image_url = "https://i.example/1.jpg"});
  EXPECT_FALSE(first.cost.cached);
  EXPECT_TRUE(second.cost.cached);
  EXPECT_EQ(second.cost.requests, 0);
  EXPECT_EQ(*second.embedding, *first.embedding);
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(transferred_, 1);  // nothing is transferred from a cache
}

TEST_F(CachingFeatureSourceTest, OtherImagesAndOtherNetworksAreOthers) {
  (void)fetch({.image_url = "https://i.example/1.jpg"});
  (void)fetch({.image_url = "https://i.example/2.jpg"});
  (void)fetch({.image_url = "https://i.example/1.jpg"}, "another network");
  EXPECT_EQ(asked_, 3);
}

TEST_F(CachingFeatureSourceTest, FailuresAreNotKept) {
  fault_ = Error{ErrorCode::bad_data, "no image"};
  EXPECT_FALSE(fetch({.image_url = "https://i.example/1.jpg"}).embedding.ok());
  fault_.reset();
  EXPECT_TRUE(fetch({.image_url = "https://i.example/1.jpg"}).embedding.ok());
}

TEST_F(CachingFeatureSourceTest, PhotosOnThisDiskAreLeftToTheOther) {
  const std::string path = folder_.write("a.jpg", "one").string();
  (void)fetch({.local_path = path});
  EXPECT_FALSE(fetch({.local_path = path}).cost.cached);
  EXPECT_EQ(asked_, 2);
}

TEST_F(CachingFeatureSourceTest, TheIdentityOfANetworkIsItsFilesAndItsPreprocessing) {
  NetworkSpec spec{.path = folder_.write("net.onnx", "weights").string()};
  const auto unnamed = embedding_identity(spec);
  ASSERT_TRUE(unnamed.ok());
  spec.sha256 = sha256_hex("weights");
  EXPECT_EQ(*embedding_identity(spec), *unnamed);
  NetworkSpec other = spec;
  other.feature_layer = "pool";
  EXPECT_NE(*embedding_identity(other), *unnamed);
  other = spec;
  other.embeds_output = true;
  EXPECT_NE(*embedding_identity(other), *unnamed);
  other = spec;
  other.mean[1] = 0.25f;
  EXPECT_NE(*embedding_identity(other), *unnamed);
  EXPECT_EQ(embedding_identity({.path = "/no/such/network"}).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace lookalike

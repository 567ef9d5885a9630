#include "core/pipeline/photo_feature_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

#include "core/pipeline/network_assessor.h"
#include "tests/core/pipeline/fake_embedder.h"
#include "tests/support/jpeg_writer.h"
#include "tests/support/loopback_server.h"
#include "tests/support/packed.h"

namespace lookalike {
namespace {

// Keeps what it is to answer until it is told to.
class PatientAssessor final : public PhotoAssessor {
 public:
  void assess(const PhotoInHand&, Done done) override { waiting_.set_value(std::move(done)); }
  void close() override { closed = true; }
  Done waiting() { return waiting_.get_future().get(); }

  bool closed = false;

 private:
  std::promise<Done> waiting_;
};

// Answers at once.
class ReadyAssessor final : public PhotoAssessor {
 public:
  explicit ReadyAssessor(Result<Embedding> answer, int64_t bytes_read = 0)
      : answer_(std::move(answer)), bytes_read_(bytes_read) {}
  void assess(const PhotoInHand&, Done done) override { done({answer_, bytes_read_}); }

 private:
  Result<Embedding> answer_;
  int64_t bytes_read_;
};

const ImageFetchOptions kRules{.max_bytes = 1 << 20, .scope = AddressScope::loopback};

class PhotoFeatureSourceTest : public testing::Test {
 protected:
  int codings_ = 0;  // before the server, whose routes count it

  FeatureAnswer fetch(const Photo& photo) { return fetch(photo, features_); }

  FeatureAnswer fetch(const Photo& photo, FeatureSource& features) {
    std::promise<FeatureAnswer> promise;
    transferred_.reset();
    features.fetch(photo, 2,
                   {.transferred = [this](TransferCost cost) { transferred_ = cost; },
                    .done = [&promise](FeatureAnswer answer) { promise.set_value(std::move(answer)); }});
    return promise.get_future().get();
  }

  FeatureAnswer fetch_path(const std::string& path) { return fetch({.image_url = server_.url(path)}); }

  std::string jpeg_ = test::write_grey_jpeg(64, 48);
  test::LoopbackServer server_{[this](httplib::Server& routes) {
    const auto serve = [&routes](const std::string& path, const std::string& bytes) {
      routes.Get(path,
                 [bytes](const httplib::Request&, httplib::Response& out) { out.set_content(bytes, "image/jpeg"); });
    };
    serve("/good.jpg", jpeg_);
    serve("/page.jpg", "<html>sorry</html>");
    serve("/cut.jpg", jpeg_.substr(0, jpeg_.size() / 2));
    serve("/empty.jpg", "");
    serve("/pw/photo_unavailable_n.png", jpeg_);
    serve("/moved/7.jpg", jpeg_);
    const auto lead = [&routes](const std::string& path, const std::string& to) {
      routes.Get(path, [to](const httplib::Request&, httplib::Response& out) { out.set_redirect(to); });
    };
    lead("/deleted.jpg", "/pw/photo_unavailable_n.png");
    lead("/7.jpg", "/moved/7.jpg");
    lead("/8.jpg", "/moved/7.jpg");
    serve("/large.jpg", std::string(2 << 20, 'x'));
    for (const char* coding : {"gzip", "deflate", "br", "UTF-8", "none", "image/jpeg", "identity, gzip"}) {
      routes.Get(std::string("/coded/") + std::to_string(codings_++), [this, coding](const auto&, auto& out) {
        out.set_header("Content-Encoding", coding);
        out.set_content(jpeg_, "text/html; charset=utf-8");
      });
    }
    routes.Get("/busy.jpg", [](const auto&, auto& out) {
      out.status = 429;
      out.set_header("Retry-After", "5");  // short pauses nobody is asked about
    });
    routes.Get("/packed.jpg", [this](const auto&, auto& out) { out.set_content(test::packed(jpeg_), "image/jpeg"); });
  }};
  std::optional<TransferCost> transferred_;  // as it was told of before the answer
  EmbeddingWorkers workers_{load_fake_embedder, 2};
  HttpClient http_{{.user_agent = "test", .first_retry_wait = std::chrono::milliseconds(1)}};
  PhotoFeatureSource features_{http_, kRules, {{std::make_shared<NetworkAssessor>(workers_)}}};
};

class NoWait final : public Patience {
 public:
  std::optional<std::chrono::milliseconds> wait(TimePoint, const Delay&) override {
    ++asked;
    return std::nullopt;
  }
  std::atomic<int> asked = 0;
};

TEST_F(PhotoFeatureSourceTest, AnImageIsWaitedForAsLongAsItsSearchHasPatience) {
  const auto patience = std::make_shared<NoWait>();
  std::promise<FeatureAnswer> promise;
  features_.fetch(
      {.image_url = server_.url("/busy.jpg")}, 2,
      {.done = [&promise](FeatureAnswer answer) { promise.set_value(std::move(answer)); }, .patience = patience});
  EXPECT_FALSE(promise.get_future().get().embedding.ok());
  EXPECT_GE(patience->asked, 1);
}

TEST_F(PhotoFeatureSourceTest, DownloadsDecodesAndEmbeds) {
  const FeatureAnswer answer = fetch_path("/good.jpg");
  ASSERT_TRUE(answer.embedding.ok()) << answer.embedding.error().message;
  EXPECT_EQ(*answer.embedding, (Embedding{64, 48}));
  EXPECT_EQ(answer.cost.requests, 1);
  EXPECT_EQ(answer.cost.bytes, static_cast<int64_t>(jpeg_.size()));
}

TEST_F(PhotoFeatureSourceTest, AServicesPictureForWhatIsGoneIsNoPhoto) {
  for (const char* path : {"/deleted.jpg", "/pw/photo_unavailable_n.png"}) {
    const FeatureAnswer answer = fetch_path(path);
    ASSERT_FALSE(answer.embedding.ok()) << path;
    EXPECT_EQ(answer.embedding.error().code, ErrorCode::not_found) << path;
    EXPECT_NE(answer.embedding.error().message.find("photo is gone"), std::string::npos);
    EXPECT_EQ(answer.cost.requests, 1) << "it was asked for";
  }
  EXPECT_TRUE(fetch_path("/7.jpg").embedding.ok()) << "a photo may move";
  EXPECT_FALSE(fetch_path("/8.jpg").embedding.ok()) << "but two photos not to one place";
}

TEST_F(PhotoFeatureSourceTest, TellsWhenTheTransferIsOver) {
  const FeatureAnswer answer = fetch_path("/good.jpg");
  ASSERT_TRUE(transferred_.has_value());
  EXPECT_EQ(transferred_->requests, answer.cost.requests);
  EXPECT_EQ(transferred_->bytes, answer.cost.bytes);
  (void)fetch_path("/page.jpg");
  EXPECT_TRUE(transferred_.has_value());  // it arrived, and is no image
  (void)fetch_path("/none.jpg");
  EXPECT_FALSE(transferred_.has_value());
}

TEST_F(PhotoFeatureSourceTest, WhatIsNoImageIsBadDataAndNamesItself) {
  for (const char* path : {"/page.jpg", "/cut.jpg", "/empty.jpg", "/large.jpg"}) {
    const FeatureAnswer answer = fetch_path(path);
    ASSERT_FALSE(answer.embedding.ok()) << path;
    EXPECT_EQ(answer.embedding.error().code, ErrorCode::bad_data) << path;
  }
  EXPECT_NE(fetch_path("/page.jpg").embedding.error().message.find("/page.jpg"), std::string::npos);
}

// What a server's headers say of a picture is wrong often enough.
TEST_F(PhotoFeatureSourceTest, HeadersDoNotCostThePicture) {
  for (int i = 0; i < 7; ++i) {
    const FeatureAnswer answer = fetch_path("/coded/" + std::to_string(i));
    ASSERT_TRUE(answer.embedding.ok()) << i << answer.embedding.error().message;
    EXPECT_EQ(*answer.embedding, (Embedding{64, 48}));
    EXPECT_EQ(answer.cost.requests, 1);
  }
  const FeatureAnswer packed = fetch_path("/packed.jpg");
  ASSERT_TRUE(packed.embedding.ok()) << packed.embedding.error().message;
}

TEST_F(PhotoFeatureSourceTest, AMissingImageIsNotFound) {
  const FeatureAnswer answer = fetch_path("/none.jpg");
  ASSERT_FALSE(answer.embedding.ok());
  EXPECT_EQ(answer.embedding.error().code, ErrorCode::not_found);
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST_F(PhotoFeatureSourceTest, FilesAreReadOnlyForSourcesOnThisDisk) {
  const auto path = std::filesystem::path(testing::TempDir()) / "feature source.jpg";
  std::ofstream(path, std::ios::binary) << jpeg_;
  EXPECT_TRUE(fetch({.local_path = path.string()}).embedding.ok());
  EXPECT_FALSE(transferred_.has_value());
  EXPECT_FALSE(fetch({.image_url = "file://" + path.string()}).embedding.ok());
  std::filesystem::remove(path);
  EXPECT_EQ(fetch({.local_path = path.string()}).embedding.error().code, ErrorCode::not_found);
}

TEST_F(PhotoFeatureSourceTest, PartsAreJoinedInTheirOrderWhicheverComesFirst) {
  const auto patient = std::make_shared<PatientAssessor>();
  PhotoFeatureSource features(http_, kRules,
                              {{std::make_shared<NetworkAssessor>(workers_), "a"},
                               {patient, "b"},
                               {std::make_shared<ReadyAssessor>(Embedding{7}), "c"}});
  auto answer =
      std::async(std::launch::async, [&] { return fetch({.image_url = server_.url("/good.jpg")}, features); });
  patient->waiting()({Embedding{5, 6}});
  const FeatureAnswer joined = answer.get();
  ASSERT_TRUE(joined.embedding.ok()) << joined.embedding.error().message;
  EXPECT_EQ(*joined.embedding, (Embedding{64, 48, 5, 6, 7}));
  EXPECT_EQ(joined.cost.requests, 1) << "one download for all";
  EXPECT_EQ(joined.cost.bytes, static_cast<int64_t>(jpeg_.size()));
}

TEST_F(PhotoFeatureSourceTest, APartThatFailsFailsThePhotoByName) {
  const Error first{ErrorCode::bad_data, "no face in it"};
  const Error second{ErrorCode::model, "broken"};
  PhotoFeatureSource features(http_, kRules,
                              {{std::make_shared<ReadyAssessor>(Embedding{7}), "likeness"},
                               {std::make_shared<ReadyAssessor>(first), "program:faces"},
                               {std::make_shared<ReadyAssessor>(second), "network:x"}});
  const FeatureAnswer answer = fetch({.image_url = server_.url("/good.jpg")}, features);
  ASSERT_FALSE(answer.embedding.ok());
  EXPECT_EQ(answer.embedding.error().code, ErrorCode::bad_data);
  EXPECT_EQ(answer.embedding.error().message, "program:faces: no face in it");
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST_F(PhotoFeatureSourceTest, AFileThatSeveralReadCountsOnce) {
  PhotoFeatureSource features(http_, kRules,
                              {{std::make_shared<ReadyAssessor>(Embedding{1}, 300), "a"},
                               {std::make_shared<ReadyAssessor>(Embedding{2}, 300), "b"}});
  const FeatureAnswer answer = fetch({.local_path = "a.jpg"}, features);
  EXPECT_EQ(answer.cost.requests, 1);
  EXPECT_EQ(answer.cost.bytes, 300);
}

TEST_F(PhotoFeatureSourceTest, ClosesItsAssessorsWhenItGoes) {
  const auto patient = std::make_shared<PatientAssessor>();
  { const PhotoFeatureSource features(http_, kRules, {{patient}}); }
  EXPECT_TRUE(patient->closed);
}

}  // namespace
}  // namespace lookalike

#include "core/pipeline/photo_download.h"

#include <gtest/gtest.h>

#include <future>
#include <string>

#include "tests/support/loopback_server.h"
#include "tests/support/packed.h"

namespace lookalike {
namespace {

TEST(PhotoDownload, WhatOneSourceMayFetchAnotherMayNot) {
  ImageFetchRules rules;
  rules.by_provider["trusted"] = {.scope = AddressScope::loopback};
  rules.by_provider["stranger"] = {.scope = AddressScope::internet};
  EXPECT_EQ(rules.of({.provider = "trusted"}).scope, AddressScope::loopback);
  EXPECT_EQ(rules.of({.provider = "stranger"}).scope, AddressScope::internet);
  EXPECT_EQ(rules.of({.provider = "unknown"}).scope, AddressScope::internet);
}

class PhotoDownloadTest : public testing::Test {
 protected:
  PhotoBytes download(const std::string& path, const ImageFetchOptions& options, ImageFetch fetch = {}) {
    std::promise<PhotoBytes> promise;
    download_photo(http_, options, {.image_url = server_.url(path)}, std::move(fetch),
                   [&promise](PhotoBytes bytes) { promise.set_value(std::move(bytes)); });
    return promise.get_future().get();
  }
  PhotoBytes download(const std::string& path) { return download(path, rules_); }

  const ImageFetchOptions rules_{.max_bytes = 1000, .scope = AddressScope::loopback};
  test::LoopbackServer server_{[](httplib::Server& routes) {
    const auto serve = [&routes](const std::string& path, const std::string& bytes) {
      routes.Get(path, [bytes](const auto&, auto& out) { out.set_content(bytes, "image/jpeg"); });
    };
    serve("/photo.jpg", "the photo");
    serve("/packed.jpg", test::packed("the photo"));
    serve("/bomb.jpg", test::packed(std::string(100'000, 'x')));
    serve("/pw/photo_unavailable_n.png", "sorry");
    routes.Get("/gone.jpg", [](const auto&, auto& out) { out.set_redirect("/pw/photo_unavailable_n.png"); });
    routes.Get("/busy.jpg", [](const auto&, auto& out) { out.status = 429; });
  }};
  HttpClient http_{{.user_agent = "test", .first_retry_wait = std::chrono::milliseconds(1)}};
};

TEST_F(PhotoDownloadTest, GivesTheBytesAndWhatTheyCost) {
  const PhotoBytes answer = download("/photo.jpg");
  ASSERT_TRUE(answer.bytes.ok()) << answer.bytes.error().message;
  EXPECT_EQ(*answer.bytes, "the photo");
  EXPECT_EQ(answer.cost.requests, 1);
  EXPECT_EQ(answer.cost.bytes, 9);
}

TEST_F(PhotoDownloadTest, UnpacksWithinTheLimit) {
  EXPECT_EQ(*download("/packed.jpg").bytes, "the photo");
  const PhotoBytes bomb = download("/bomb.jpg");
  ASSERT_FALSE(bomb.bytes.ok());
  EXPECT_EQ(bomb.bytes.error().code, ErrorCode::bad_data);
  EXPECT_NE(bomb.bytes.error().message.find("/bomb.jpg"), std::string::npos);
}

TEST_F(PhotoDownloadTest, TellsWhatIsGoneFromWhatFailed) {
  EXPECT_EQ(download("/none.jpg").bytes.error().code, ErrorCode::not_found);
  EXPECT_EQ(download("/gone.jpg").bytes.error().code, ErrorCode::not_found);
  EXPECT_EQ(download("/busy.jpg").bytes.error().code, ErrorCode::network);
}

TEST_F(PhotoDownloadTest, GoesNoFurtherThanItMay) {
  const PhotoBytes answer = download("/photo.jpg", {.max_bytes = 1000});
  ASSERT_FALSE(answer.bytes.ok());
  EXPECT_EQ(answer.bytes.error().code, ErrorCode::network);
  EXPECT_EQ(answer.cost.requests, 0);
}

}  // namespace
}  // namespace lookalike

#include "providers/pixabay.h"

#include <gmock/gmock.h>

#include "tests/providers/common/provider_fixture.h"
#include "tests/support/loopback_server.h"
#include "tests/support/service_stand_in.h"

namespace lookalike {
namespace {

using test::ask;
using test::query_for;
using test::quick_http;
using test::ServiceStandIn;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

constexpr const char* kKey = "12345678-0123456789abcdef012345678";

class PixabayTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = ServiceStandIn::start("pixabay", {.collection = test::write_collection(folder_, 45), .key = kKey});
    ASSERT_TRUE(started.ok()) << started.error().message;
    service_ = std::move(*started);
  }
  std::unique_ptr<PixabayProvider> provider(PixabayOptions options = {}) {
    if (options.endpoint.empty()) options.endpoint = service_->endpoint();
    if (options.api_key.empty()) options.api_key = kKey;
    auto made = PixabayProvider::create(options, http_);
    EXPECT_TRUE(made.ok());
    return made.ok() ? std::move(*made) : nullptr;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<ServiceStandIn> service_;
  HttpClient http_{quick_http()};
};

TEST_F(PixabayTest, SendsWhatTheServiceDocuments) {
  const PhotoAnswer answer = ask(*provider(), query_for("thing, -even", 2, 10));
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  EXPECT_THAT(answer.page->photos, SizeIs(10));
  ASSERT_THAT(service_->calls(), SizeIs(1));
  EXPECT_THAT(service_->calls()[0],
              testing::UnorderedElementsAre(Pair("path", "/api/"), Pair("key", kKey), Pair("q", "thing even"),
                                            Pair("image_type", "photo"), Pair("safesearch", "true"),
                                            Pair("per_page", "10"), Pair("page", "2")));
}

TEST_F(PixabayTest, PagesAreAsLargeAsTheServiceAllows) {
  const auto pixabay = provider({.safe = "off"});
  ASSERT_TRUE(ask(*pixabay, query_for("thing", 1, 1)).page.ok());
  ASSERT_TRUE(ask(*pixabay, query_for("thing", 1, 1'000)).page.ok());
  EXPECT_THAT(service_->calls()[0], testing::Contains(Pair("per_page", "3")));
  EXPECT_THAT(service_->calls()[1], testing::Contains(Pair("per_page", "200")));
  EXPECT_THAT(service_->calls()[1], testing::Contains(Pair("safesearch", "false")));
}

TEST_F(PixabayTest, AWrongKeyIsAnAuthErrorThatDoesNotShowIt) {
  const PhotoAnswer answer = ask(*provider({.api_key = "wrong-wrong-wrong"}), query_for("thing"));
  ASSERT_FALSE(answer.page.ok());
  EXPECT_EQ(answer.page.error().code, ErrorCode::auth);
  EXPECT_THAT(answer.page.error().message, Not(HasSubstr("wrong-wrong")));
}

TEST_F(PixabayTest, APageBeyondTheLastIsEmpty) {
  const auto pixabay = provider();
  EXPECT_TRUE(ask(*pixabay, query_for("thing", 5, 10)).page->photos.empty() == false);
  EXPECT_TRUE(ask(*pixabay, query_for("thing", 6, 10)).page->photos.empty());
  EXPECT_EQ(service_->calls().size(), 2u);
  EXPECT_TRUE(ask(*pixabay, query_for("thing", 4, 200)).page->photos.empty());
  EXPECT_EQ(service_->calls().size(), 2u) << "beyond what can be reached nothing is asked";
}

TEST_F(PixabayTest, RefusesWrongOptions) {
  const auto code_of = [&](const PixabayOptions& options) {
    const auto made = PixabayProvider::create(options, http_);
    return made.ok() ? ErrorCode::interrupted : made.error().code;
  };
  EXPECT_EQ(code_of({}), ErrorCode::auth);
  EXPECT_EQ(code_of({.api_key = "a\r\nb"}), ErrorCode::auth);
  EXPECT_EQ(code_of({.api_key = kKey, .licenses = "by"}), ErrorCode::usage);
  EXPECT_EQ(code_of({.api_key = kKey, .licenses = "commercial,modify"}), ErrorCode::interrupted);
  EXPECT_EQ(code_of({.api_key = kKey, .safe = "x"}), ErrorCode::usage);
  EXPECT_EQ(code_of({.api_key = kKey, .endpoint = "http://example.com/"}), ErrorCode::usage);
}

TEST_F(PixabayTest, WaitsWhenTheHeadersSayThatNothingIsLeft) {
  test::LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/", [](const httplib::Request&, httplib::Response& response) {
      response.set_header("X-RateLimit-Limit", "100");
      response.set_header("X-RateLimit-Remaining", "0");
      response.set_header("X-RateLimit-Reset", "3600");
      response.set_content(R"({"totalHits": 0, "hits": []})", "application/json");
    });
  });
  const auto pixabay = provider({.endpoint = server.url("/")});
  EXPECT_TRUE(ask(*pixabay, query_for("cat")).page.ok());
  const PhotoAnswer refused = ask(*pixabay, query_for("dog"));
  ASSERT_FALSE(refused.page.ok());
  EXPECT_EQ(refused.page.error().code, ErrorCode::quota);
}

}  // namespace
}  // namespace lookalike

#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

#include "providers/sources.h"
#include "tests/providers/common/provider_fixture.h"
#include "tests/support/loopback_server.h"
#include "tests/support/service_stand_in.h"

namespace lookalike {
namespace {

using test::ask;
using test::LoopbackServer;
using test::query_for;
using test::quick_http;
using test::ServiceStandIn;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

constexpr const char* kSecret = "s3cr3t-s3cr3t-s3cr3t";
constexpr const char* kOnePhoto =
    R"({"result_count": 1, "page_count": 1, "page": 1, "results": [{"id": "7", "foreign_landing_url": "https://x.org/7", "url": "https://x.org/7.jpg"}]})";

class OpenverseTest : public testing::Test {
 protected:
  void start(test::ServiceStandInOptions options = {}, int photos = 45) {
    options.collection = test::write_collection(folder_, photos);
    auto started = ServiceStandIn::start("openverse", options);
    ASSERT_TRUE(started.ok()) << started.error().message;
    service_ = std::move(*started);
  }
  std::unique_ptr<Provider> provider(ProviderSettings options = {}) {
    if (options.endpoint.empty()) options.endpoint = service_->endpoint();
    auto made = openverse_entry().make(options, http_);
    EXPECT_TRUE(made.ok());
    return made.ok() ? std::move(*made) : nullptr;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<ServiceStandIn> service_;
  HttpClient http_{quick_http()};
};

PhotoQuery tag_query(const std::string& text, int page = 1, int per_page = 30, int max_requests = 4) {
  PhotoQuery query = query_for(text, page, per_page, max_requests);
  query.is_tag = true;
  return query;
}

TEST_F(OpenverseTest, LooksForWordsEverywhereAtOnce) {
  start();
  const auto openverse = provider();
  const PhotoAnswer answer = ask(*openverse, query_for("title 7"));
  ASSERT_TRUE(answer.page.ok());
  ASSERT_THAT(answer.page->photos, SizeIs(1));
  EXPECT_EQ(answer.cost.requests, 1);
  EXPECT_THAT(service_->calls().back(), Contains(Pair("q", "title 7")));
}

TEST_F(OpenverseTest, AsksForTagsOfWhichAPhotoHasAll) {
  start();
  const auto openverse = provider();
  const PhotoAnswer answer = ask(*openverse, tag_query("thing, even"));
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  EXPECT_THAT(answer.page->photos, SizeIs(20));
  EXPECT_TRUE(answer.page->has_more);
  EXPECT_EQ(answer.cost.requests, 1);
  ASSERT_THAT(service_->calls(), SizeIs(1));
  EXPECT_THAT(service_->calls()[0],
              testing::UnorderedElementsAre(Pair("path", "/v1/images/"), Pair("tags", "thing+even"),
                                            Pair("page_size", "20"), Pair("page", "1")));
}

TEST_F(OpenverseTest, LooksAmongTitlesWhenNoPhotoHasTheTags) {
  start();
  const auto openverse = provider();
  const PhotoAnswer answer = ask(*openverse, tag_query("title 7"));
  ASSERT_TRUE(answer.page.ok());
  ASSERT_THAT(answer.page->photos, SizeIs(1));
  EXPECT_EQ(answer.page->photos[0].title, "Title 7");
  EXPECT_EQ(answer.cost.requests, 2);
  EXPECT_THAT(service_->calls().back(), Contains(Pair("q", "title 7")));
  EXPECT_EQ(ask(*openverse, tag_query("title 7", 2)).cost.requests, 1) << "it is known by now that these are no tags";
  EXPECT_THAT(service_->calls().back(), Contains(Pair("q", "title 7")));
}

TEST_F(OpenverseTest, WithoutARequestLeftItIsNotSaidThatThereIsNothing) {
  start();
  const auto openverse = provider();
  const PhotoAnswer answer = ask(*openverse, tag_query("title 7", 1, 30, 1));
  ASSERT_FALSE(answer.page.ok());
  EXPECT_EQ(answer.page.error().code, ErrorCode::usage);
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST_F(OpenverseTest, NothingAnywhereIsAnEmptyPage) {
  start();
  const auto openverse = provider();
  const PhotoAnswer answer = ask(*openverse, query_for("unicorn"));
  ASSERT_TRUE(answer.page.ok());
  EXPECT_THAT(answer.page->photos, testing::IsEmpty());
  EXPECT_FALSE(answer.page->has_more);
}

TEST_F(OpenverseTest, LicencesAndSafetyBecomeParameters) {
  start();
  const auto openverse = provider({.licenses = "by,by-nc,no-known,commercial", .safe = "off"});
  ASSERT_TRUE(ask(*openverse, query_for("thing")).page.ok());
  EXPECT_THAT(service_->calls()[0], Contains(Pair("license", "by")));
  EXPECT_THAT(service_->calls()[0], Contains(Pair("mature", "true")));
}

TEST_F(OpenverseTest, CredentialsBecomeATokenOnceAndLargerPages) {
  start({.key = std::string("id:") + kSecret});
  const auto openverse = provider({.api_key = std::string("id:") + kSecret});
  std::vector<std::jthread> threads;
  std::atomic<int> requests = 0;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const PhotoAnswer answer = ask(*openverse, query_for("thing", 1, 100));
      ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
      EXPECT_EQ(answer.page->photos.size(), 45u);
      requests += answer.cost.requests;
    });
  }
  threads.clear();
  EXPECT_EQ(requests, 7) << "six searches and one token";
  for (const auto& call : service_->calls())
    EXPECT_THAT(call, Contains(Pair("authorization", "Bearer stand-in-token")));
}

TEST_F(OpenverseTest, WrongCredentialsAreAnAuthErrorForEverySearchThatWaited) {
  start({.key = "id:other"});
  const auto openverse = provider({.api_key = std::string("id:") + kSecret});
  for (int i = 0; i < 2; ++i) {
    const PhotoAnswer answer = ask(*openverse, query_for("thing"));
    ASSERT_FALSE(answer.page.ok());
    EXPECT_EQ(answer.page.error().code, ErrorCode::auth);
    EXPECT_THAT(answer.page.error().message, HasSubstr("credentials"));
    EXPECT_THAT(answer.page.error().message, Not(HasSubstr(kSecret)));
  }
  EXPECT_THAT(service_->calls(), testing::IsEmpty());
}

TEST_F(OpenverseTest, ATokenThatRanOutIsGotAnew) {
  std::atomic<int> tokens = 0;
  std::atomic<int> searches = 0;
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Post("/v1/auth_tokens/token/", [&](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"access_token":"t)" + std::to_string(++tokens) + R"(","expires_in":36000})",
                           "application/json");
    });
    routes.Get("/v1/images/", [&](const httplib::Request& request, httplib::Response& response) {
      ++searches;
      response.status = request.get_header_value("Authorization") == "Bearer t1" ? 401 : 200;
      response.set_content(response.status == 200 ? kOnePhoto : R"({"detail":"expired"})", "application/json");
    });
  });
  const auto openverse = provider({.api_key = "id:secret", .endpoint = server.url("/v1/")});
  const PhotoAnswer answer = ask(*openverse, query_for("cat"));
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  EXPECT_EQ(answer.cost.requests, 4);
  EXPECT_EQ(tokens, 2);
  EXPECT_EQ(searches, 2);
}

TEST_F(OpenverseTest, RefusesWrongOptionsWithoutShowingTheSecret) {
  const auto refused = [&](const ProviderSettings& options) {
    const auto made = openverse_entry().make(options, http_);
    EXPECT_FALSE(made.ok());
    if (made.ok()) return ErrorCode::interrupted;
    EXPECT_THAT(made.error().message, Not(HasSubstr(kSecret)));
    return made.error().code;
  };
  EXPECT_EQ(refused({.api_key = kSecret}), ErrorCode::auth);
  EXPECT_EQ(refused({.api_key = std::string(":") + kSecret}), ErrorCode::auth);
  EXPECT_EQ(refused({.api_key = std::string("a b:") + kSecret}), ErrorCode::auth);
  EXPECT_EQ(refused({.endpoint = "http://example.com/"}), ErrorCode::usage);
  EXPECT_EQ(refused({.licenses = "us-gov"}), ErrorCode::usage);
  EXPECT_EQ(refused({.licenses = "gpl"}), ErrorCode::usage);
  EXPECT_EQ(refused({.safe = "very"}), ErrorCode::usage);
}

TEST_F(OpenverseTest, SendsNothingForAnEmptyQueryOrAPageTooFar) {
  start();
  const auto openverse = provider();
  EXPECT_EQ(ask(*openverse, query_for("--")).page.error().code, ErrorCode::usage);
  EXPECT_TRUE(ask(*openverse, query_for("thing", 21)).page.ok());
  EXPECT_EQ(ask(*openverse, query_for("thing", 1, 30, 0)).page.error().code, ErrorCode::quota);
  EXPECT_THAT(service_->calls(), testing::IsEmpty());
}

TEST_F(OpenverseTest, WhatTheHeadersSayIsLeftIsNotExceeded) {
  LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/v1/images/", [](const httplib::Request&, httplib::Response& response) {
      response.set_header("X-RateLimit-Limit-anon_sustained", "200/day");
      response.set_header("X-RateLimit-Available-anon_sustained", "0");
      response.set_content(kOnePhoto, "application/json");
    });
  });
  const auto openverse = provider({.endpoint = server.url("/")});
  EXPECT_TRUE(ask(*openverse, query_for("cat")).page.ok());
  const PhotoAnswer refused = ask(*openverse, query_for("dog"));
  ASSERT_FALSE(refused.page.ok());
  EXPECT_EQ(refused.page.error().code, ErrorCode::quota);
  EXPECT_THAT(refused.page.error().message, HasSubstr("200 calls in 24 h"));
  EXPECT_EQ(refused.cost.requests, 0);
}

TEST_F(OpenverseTest, SaysWhatTheServiceSaysOfAQuery) {
  LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/v1/images/", [](const httplib::Request&, httplib::Response& response) {
      response.status = 400;
      response.set_content(R"({"detail":"tags: too long"})", "application/json");
    });
  });
  const auto openverse = provider({.endpoint = server.url("/")});
  const PhotoAnswer answer = ask(*openverse, query_for("cat"));
  EXPECT_EQ(answer.page.error().code, ErrorCode::usage);
  EXPECT_THAT(answer.page.error().message, HasSubstr("too long"));
}

}  // namespace
}  // namespace lookalike

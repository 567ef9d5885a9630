#include <gmock/gmock.h>

#include <vector>

#include "core/http/host_policy.h"
#include "core/http/url.h"
#include "providers/sources.h"
#include "tests/providers/common/provider_fixture.h"
#include "tests/support/loopback_server.h"
#include "tests/support/service_stand_in.h"

namespace lookalike {
namespace {

using test::ask;
using test::query_for;
using test::quick_http;
using test::ServiceStandIn;
using testing::Contains;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

class CommonsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = ServiceStandIn::start("commons", {.collection = test::write_collection(folder_, 45)});
    ASSERT_TRUE(started.ok()) << started.error().message;
    service_ = std::move(*started);
  }
  std::unique_ptr<Provider> provider(ProviderSettings options = {}) {
    if (options.endpoint.empty()) options.endpoint = service_->endpoint();
    auto made = make_json_provider(commons_service(), options, http_);
    EXPECT_TRUE(made.ok());
    return made.ok() ? std::move(*made) : nullptr;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<ServiceStandIn> service_;
  HttpClient http_{quick_http()};
};

TEST_F(CommonsTest, SendsWhatTheServiceDocuments) {
  ASSERT_TRUE(ask(*provider(), query_for("Tag1, OR -thing", 2, 10)).page.ok());
  ASSERT_THAT(service_->calls(), SizeIs(1));
  EXPECT_THAT(service_->calls()[0],
              testing::UnorderedElementsAre(
                  Pair("path", "/w/api.php"), Pair("action", "query"), Pair("format", "json"),
                  Pair("formatversion", "2"), Pair("generator", "search"), Pair("gsrnamespace", "6"),
                  Pair("gsrsearch", "tag1 or thing filetype:bitmap"), Pair("gsrlimit", "10"), Pair("gsroffset", "10"),
                  Pair("prop", "imageinfo|categories"), Pair("iiprop", "url|mime|user|extmetadata"),
                  Pair("iiurlwidth", "330"), Pair("iiextmetadatafilter", "Artist|LicenseShortName|LicenseUrl|License"),
                  Pair("iiextmetadatalanguage", "en"), Pair("clshow", "!hidden"), Pair("cllimit", "max")));
}

TEST_F(CommonsTest, GetsTheRestOfTheCategories) {
  const PhotoAnswer answer = ask(*provider(), query_for("thing", 1, 20));
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  ASSERT_THAT(answer.page->photos, SizeIs(20));
  EXPECT_GT(answer.cost.requests, 1);
  EXPECT_TRUE(answer.page->has_more);
  for (const Photo& photo : answer.page->photos) {
    EXPECT_THAT(photo.tags, Contains("Thing")) << photo.title;
    EXPECT_THAT(photo.tags, testing::Not(Contains("CC-BY-SA-4.0")));
  }
}

TEST_F(CommonsTest, MakesDoWithTheRequestsAllowed) {
  const PhotoAnswer answer = ask(*provider(), query_for("thing", 1, 20, 1));
  ASSERT_TRUE(answer.page.ok());
  EXPECT_EQ(answer.cost.requests, 1);
  EXPECT_THAT(answer.page->photos, SizeIs(20));
  EXPECT_TRUE(answer.page->has_more) << "a full page";
}

TEST_F(CommonsTest, AContinuationThatNeverEndsIsGivenUp) {
  test::LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"continue": {"clcontinue": "1"}, "query": {"pages": []}})", "application/json");
    });
  });
  const PhotoAnswer answer = ask(*provider({.endpoint = server.url("/")}), query_for("thing", 1, 20, 100));
  EXPECT_TRUE(answer.page.ok());
  EXPECT_EQ(answer.cost.requests, 2) << "the same continuation leads nowhere";
}

TEST_F(CommonsTest, PolitenessBelongsToAllImageHostsWhateverTheyAreCalled) {
  const auto policies = commons_service().info.host_policies;
  const auto group = [&](const char* address) { return limit_group(*parse_url(address), policies); };
  const std::string images = group("https://upload.wikimedia.org/a.jpg");
  EXPECT_EQ(group("https://thumb.wikimedia.org/a.jpg"), images);
  EXPECT_EQ(group("https://another.wikimedia.org/a.jpg"), images);
  EXPECT_NE(group("https://commons.wikimedia.org/w/api.php"), images) << "calls are held up by no image";
  EXPECT_NE(group("https://notwikimedia.org/a.jpg"), images);
  for (const HostPolicy& policy : policies) {
    if (policy.host == images) EXPECT_EQ(policy.max_at_once, 2);
  }
}

TEST_F(CommonsTest, FiltersLicences) {
  const PhotoAnswer answer = ask(*provider({.licenses = "by-sa"}), query_for("thing", 1, 45));
  ASSERT_TRUE(answer.page.ok());
  EXPECT_THAT(answer.page->photos, SizeIs(9));
  for (const Photo& photo : answer.page->photos)
    EXPECT_THAT(photo.license.name, HasSubstr("BY-SA"));
  EXPECT_EQ(make_json_provider(commons_service(), {.licenses = "gpl"}, http_).error().code, ErrorCode::usage);
  EXPECT_EQ(make_json_provider(commons_service(), {.licenses = "by-nc,commercial"}, http_).error().code,
            ErrorCode::usage);
}

TEST_F(CommonsTest, SendsNothingForAnEmptyQueryOrAPageTooFar) {
  const auto commons = provider();
  EXPECT_EQ(ask(*commons, query_for("*")).page.error().code, ErrorCode::usage);
  EXPECT_TRUE(ask(*commons, query_for("thing", 201, 50)).page.ok());
  EXPECT_THAT(service_->calls(), testing::IsEmpty());
}

}  // namespace
}  // namespace lookalike

#include <gmock/gmock.h>

#include "core/base/text/text.h"
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
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
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
  std::unique_ptr<Provider> provider(ProviderSettings options = {}) {
    if (options.endpoint.empty()) options.endpoint = service_->endpoint();
    if (options.api_key.empty()) options.api_key = kKey;
    auto made = make_json_provider(pixabay_service(), options, http_);
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
  const auto code_of = [&](const ProviderSettings& options) {
    const auto made = make_json_provider(pixabay_service(), options, http_);
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

std::string hit_with(const std::string& fields) {
  return R"({"id": 7, "pageURL": "https://pixabay.example/7/", "webformatURL": "https://pixabay.example/get/a_640.jpg")" +
         (fields.empty() ? "" : ", " + fields) + "}";
}

Result<PhotoPage> parse_pixabay_search(std::string_view body, int page, int per_page) {
  return read_answer(pixabay_service(), body, {.page = page, .per_page = per_page});
}

Result<PhotoPage> read_pixabay_refusal(std::string body) {
  return *read_refusal(pixabay_service(), {.status = 400, .body = std::move(body)});
}

PhotoPage page_of(const std::string& hits, const std::string& more = R"("totalHits": 1)") {
  const auto page = parse_pixabay_search("{" + more + ", \"hits\": [" + hits + "]}", 1, 3);
  EXPECT_TRUE(page.ok());
  return page.ok() ? *page : PhotoPage{};
}

TEST(PixabayAnswer, ReadsAPhoto) {
  const PhotoPage page = page_of(hit_with(
      R"("tags": "blossom,  bloom, sports car, bloom,, -x", "user": "Josch 13", "user_id": 48777, "previewURL": "https://p/x_150.jpg")"));
  ASSERT_THAT(page.photos, SizeIs(1));
  const Photo& photo = page.photos[0];
  EXPECT_EQ(photo.provider, "pixabay");
  EXPECT_EQ(photo.id, "7");
  EXPECT_EQ(photo.image_url, "https://pixabay.example/get/a_340.jpg");
  EXPECT_EQ(photo.page_url, "https://pixabay.example/7/");
  EXPECT_EQ(photo.owner, "Josch 13");
  EXPECT_EQ(photo.owner_url, "https://pixabay.com/users/Josch%2013-48777/");
  EXPECT_EQ(photo.license.name, "Pixabay Content License");
  EXPECT_EQ(photo.attribution, "Image by Josch 13 from Pixabay");
  EXPECT_THAT(photo.tags, ElementsAre("blossom", "bloom", "sports car", "x"));
}

TEST(PixabayAnswer, TakesTheImageThatThereIs) {
  const auto image_of = [](const std::string& fields) {
    const PhotoPage page = page_of(R"({"id": 7, "pageURL": "https://p/7/", )" + fields + "}");
    return page.photos.empty() ? "" : page.photos[0].image_url;
  };
  EXPECT_EQ(image_of(R"("webformatURL": "https://p/get/odd.jpg", "previewURL": "https://p/x_150.jpg")"),
            "https://p/get/odd.jpg");
  EXPECT_EQ(image_of(R"("webformatURL": 5, "previewURL": "https://p/x_150.jpg")"), "https://p/x_150.jpg");
  EXPECT_EQ(image_of(R"("webformatURL": "data:x")"), "");
}

TEST(PixabayAnswer, PagesEndAtWhatCanBeReached) {
  const auto more = [](int page, int per_page, const std::string& total) {
    return parse_pixabay_search("{\"totalHits\": " + total + ", \"hits\": [" + hit_with("") + "]}", page, per_page)
        ->has_more;
  };
  EXPECT_TRUE(more(1, 3, "4"));
  EXPECT_FALSE(more(1, 3, "3"));
  EXPECT_FALSE(more(3, 200, "1e18"));
  EXPECT_TRUE(more(2, 200, "1e12"));
  EXPECT_FALSE(more(1, 3, "-5"));
  EXPECT_FALSE(more(1, 3, "\"many\""));
}

TEST(PixabayAnswer, SurvivesWrongTypesAndHostileText) {
  const PhotoPage page = page_of(hit_with("\"tags\": [\"a\"], \"user\": {\"a\": 1}, \"user_id\": \"../x\"") +
                                 ", 5, null, [], {\"id\": \"a/b\"}, " +
                                 R"({"id": 8, "pageURL": "https://p/8/", "previewURL": "https://p/8.jpg", "tags": ")" +
                                 "\xFF, \xC3(" + R"("})");
  ASSERT_THAT(page.photos, SizeIs(2));
  EXPECT_EQ(page.photos[0].owner, "");
  EXPECT_EQ(page.photos[0].attribution, "Image from Pixabay");
  EXPECT_THAT(page.photos[0].tags, IsEmpty());
  for (const std::string& tag : page.photos[1].tags)
    EXPECT_EQ(terminal_safe(tag), tag);
}

TEST(PixabayAnswer, RefusesWhatIsNoAnswer) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"hits": 5})", "{\"hits\": ["})
    EXPECT_EQ(parse_pixabay_search(body, 1, 3).error().code, ErrorCode::bad_data) << body;
}

TEST(PixabayAnswer, RefusalsSayWhoIsAtFault) {
  EXPECT_EQ(read_pixabay_refusal("[ERROR 400] Invalid or missing API key (https://…).").error().code, ErrorCode::auth);
  EXPECT_EQ(read_pixabay_refusal("[ERROR 400] \"q\" is too long.").error().code, ErrorCode::usage);
  EXPECT_EQ(read_pixabay_refusal("\xFF\x1B[31m").error().code, ErrorCode::usage);
  const auto beyond = read_pixabay_refusal("[ERROR 400] \"page\" is out of valid range.");
  ASSERT_TRUE(beyond.ok());
  EXPECT_THAT(beyond->photos, IsEmpty());
}

}  // namespace
}  // namespace lookalike

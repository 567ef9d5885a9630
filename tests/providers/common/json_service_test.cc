#include "providers/common/json_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <mutex>

#include "core/base/text/json.h"
#include "providers/common/answer_fields.h"
#include "tests/providers/common/provider_fixture.h"
#include "tests/support/loopback_server.h"

namespace lookalike {
namespace {

using test::ask;
using test::LoopbackServer;
using test::query_for;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::array<std::string_view, 1> kVariables{"LOOKALIKE_APERTURE_KEY"};

ServiceParameters parameters(const ServiceSearch& search) {
  return {{"q", search.text}, {"page", std::to_string(search.page)}, {"size", std::to_string(search.per_page)}};
}

std::optional<Photo> read_photo(const rapidjson::Value& hit) {
  Photo photo;
  photo.id = short_text(hit, "id");
  photo.page_url = "https://a.example/" + photo.id;
  photo.image_url = "https://a.example/" + photo.id + ".jpg";
  photo.license.name = short_text(hit, "license");
  photo.owner = short_text(hit, "owner");
  return photo;
}

JsonService aperture() {
  JsonService service;
  service.title = "Aperture";
  service.endpoint = "https://api.aperture.example/find";
  service.info.name = "aperture";
  service.info.reach = {.photos_per_call = 4, .photos_per_query = 10};
  service.least_per_page = 2;
  service.parameters = parameters;
  service.list = "hits";
  service.photo = read_photo;
  return service;
}

// A service that answers every call with what `respond` says, and keeps the targets that it was asked for.
struct Server {
  std::mutex mutex;
  std::vector<std::string> asked;
  LoopbackServer server;

  explicit Server(std::function<void(size_t call, httplib::Response&)> respond)
      : server([this, respond](httplib::Server& routes) {
          routes.Get("/", [this, respond](const httplib::Request& request, httplib::Response& response) {
            const std::lock_guard lock(mutex);
            asked.push_back(request.target);
            respond(asked.size(), response);
          });
        }) {}
  std::vector<std::string> targets() {
    const std::lock_guard lock(mutex);
    return asked;
  }
};

Server server_of(const std::string& body) {
  return Server([body](size_t, httplib::Response& response) { response.set_content(body, "application/json"); });
}

PhotoAnswer answer_of(const JsonService& service, Server& server, const PhotoQuery& query,
                      ProviderSettings settings = {}) {
  HttpClient http(test::quick_http());
  settings.endpoint = server.server.url("/");
  const auto provider = make_json_provider(service, settings, http);
  EXPECT_TRUE(provider.ok());
  return ask(**provider, query);
}

TEST(JsonService, PagesKeepToWhatTheServiceAllows) {
  Server server = server_of(R"({"hits": []})");
  ASSERT_TRUE(answer_of(aperture(), server, query_for("cat", 1, 1)).page.ok());
  ASSERT_TRUE(answer_of(aperture(), server, query_for("-cat", 3, 100)).page.ok());
  EXPECT_THAT(server.targets(), ElementsAre("/?q=cat&page=1&size=2", "/?q=cat&page=3&size=4"));
  EXPECT_TRUE(answer_of(aperture(), server, query_for("cat", 4, 100)).page.ok());
  EXPECT_THAT(server.targets(), SizeIs(2)) << "beyond what can be reached nothing is asked";
}

TEST(JsonService, OnlyWhatCanBeShownIsKeptAndOnlyOnce) {
  const auto page = read_answer(aperture(), R"({"hits": [{"id": "1", "license": "CC BY 2.0", "owner": "O"}, {"id": "1"},
      {"id": ""}, {"id": "a b"}, 7, {"id": "2"}, {"id": "3"}, {"id": "4"}, {"id": "5"}]})",
                                {});
  ASSERT_TRUE(page.ok());
  ASSERT_THAT(page->photos, SizeIs(4)) << "as many as a page may hold";
  EXPECT_EQ(page->photos[0].provider, "aperture");
  EXPECT_EQ(page->photos[0].attribution, "Photo by O, CC BY 2.0");
}

TEST(JsonService, AnotherPageFollowsAsTheServiceSaysElseBehindAFullOne) {
  const std::string body = R"({"all": {"n": "5"}, "hits": [{"id": "1"}, {"id": "2"}]})";
  JsonService service = aperture();
  EXPECT_TRUE(read_answer(service, body, {.page = 1, .per_page = 2})->has_more);
  EXPECT_FALSE(read_answer(service, body, {.page = 1, .per_page = 3})->has_more);
  EXPECT_FALSE(read_answer(service, body, {.page = 5, .per_page = 2})->has_more) << "beyond what can be reached";
  service.more = "another";
  EXPECT_FALSE(read_answer(service, body, {.page = 1, .per_page = 2})->has_more);
  EXPECT_TRUE(read_answer(service, R"({"another": true, "hits": [{"id": "1"}]})", {.per_page = 2})->has_more);
  service.total = "all/n";
  EXPECT_TRUE(read_answer(service, body, {.page = 2, .per_page = 2})->has_more);
  EXPECT_FALSE(read_answer(service, body, {.page = 3, .per_page = 2})->has_more);
}

TEST(JsonService, LicencesAreAskedForByItsOwnNamesAndCheckedOnceMore) {
  JsonService service = aperture();
  service.license_names = {{"by", "attribution"}, {"cc0", "zero"}};
  service.parameters = [](const ServiceSearch& search) { return ServiceParameters{{"license", search.licenses}}; };
  Server server = server_of(R"({"hits": [{"id": "1", "license": "CC BY 2.0"}, {"id": "2", "license": "CC0"}]})");
  EXPECT_THAT(answer_of(service, server, query_for("cat")).page->photos, SizeIs(2));
  EXPECT_THAT(answer_of(service, server, query_for("cat"), {.licenses = "cc0,by-nc"}).page->photos, SizeIs(1));
  EXPECT_THAT(server.targets(), ElementsAre("/?license=", "/?license=zero"));
  HttpClient http(test::quick_http());
  for (const char* list : {"by-nc", "gpl", "by-nc,commercial"})
    EXPECT_EQ(make_json_provider(service, {.licenses = list}, http).error().code, ErrorCode::usage) << list;
  EXPECT_EQ(make_json_provider(service, {.safe = "very"}, http).error().code, ErrorCode::usage);
  EXPECT_EQ(make_json_provider(service, {.endpoint = "http://a.example/"}, http).error().code, ErrorCode::usage);
}

TEST(JsonService, AKeyIsNeededAndNeverShown) {
  JsonService service = aperture();
  service.info.key = KeyNeed::required;
  service.info.key_variables = kVariables;
  service.info.key_url = "https://a.example/keys";
  service.refusals = ServiceRefusals{.bad_key = "key"};
  HttpClient http(test::quick_http());
  EXPECT_THAT(make_json_provider(service, {}, http).error().message, HasSubstr("LOOKALIKE_APERTURE_KEY"));
  for (const int status : {400, 403}) {
    Server server([status](size_t, httplib::Response& response) {
      response.status = status;
      response.set_content("what a Key: s3cr3t", "text/plain");
    });
    const PhotoAnswer answer = answer_of(service, server, query_for("cat"), {.api_key = "s3cr3t"});
    EXPECT_EQ(answer.page.error().code, ErrorCode::auth) << status;
    EXPECT_THAT(answer.page.error().message, HasSubstr("https://a.example/keys"));
    EXPECT_THAT(answer.page.error().message, Not(HasSubstr("s3cr3t")));
  }
}

TEST(JsonService, RefusalsGoByWhatTheySay) {
  JsonService service = aperture();
  const auto refusal = [&](long status, const std::string& body) {
    return read_refusal(service, {.status = status, .body = body});
  };
  EXPECT_FALSE(refusal(400, "no more").has_value()) << "a service of which no refusals are known";
  service.refusals = ServiceRefusals{.reason = "error/text", .beyond_last = "no more"};
  EXPECT_TRUE(refusal(422, R"({"error": {"text": "No more pages"}})")->ok());
  EXPECT_EQ(refusal(400, R"({"error": {"text": "Bad words"}})")->error().message,
            "Aperture refused this query (Bad words): use other words");
  EXPECT_EQ(refusal(400, "<html>")->error().message, "Aperture refused this query (HTTP 400): use other words");
  EXPECT_FALSE(refusal(404, "no more").has_value());
}

TEST(JsonService, TheRestOfAPageIsAskedForWhileItLeadsSomewhere) {
  JsonService service = aperture();
  service.rest = [](const rapidjson::Value& part) {
    const std::string next = short_text(part, "next");
    return next.empty() ? ServiceParameters() : ServiceParameters{{"next", next}, {"q", "another search"}};
  };
  service.read = [](std::span<const rapidjson::Document> parts, const ServiceSearch&) -> Result<PhotoPage> {
    PhotoPage page;
    for (const rapidjson::Document& part : parts)
      page.photos.push_back(*read_photo(part));
    return page;
  };
  Server server([](size_t call, httplib::Response& response) {
    const std::string next = call < 3 ? std::to_string(call) : "2";
    response.set_content(R"({"id": ")" + std::to_string(call) + R"(", "next": ")" + next + "\"}", "application/json");
  });
  const PhotoAnswer answer = answer_of(service, server, query_for("cat", 1, 2, 100));
  EXPECT_THAT(answer.page->photos, SizeIs(3));
  EXPECT_THAT(server.targets(),
              ElementsAre("/?q=cat&page=1&size=2", "/?q=cat&page=1&size=2&next=1", "/?q=cat&page=1&size=2&next=2"));
  EXPECT_THAT(answer_of(service, server, query_for("cat", 1, 2, 1)).page->photos, SizeIs(1)) << "within the requests";
}

TEST(JsonService, AFailureWithStatus200IsAskedAgainWhereTheServiceHasSuch) {
  JsonService service = aperture();
  service.read = [](std::span<const rapidjson::Document> parts, const ServiceSearch&) -> Result<PhotoPage> {
    if (short_text(parts.front(), "busy").empty()) return PhotoPage{};
    return Error{ErrorCode::network, "busy"};
  };
  const auto busy_once = [](size_t call, httplib::Response& response) {
    response.set_content(call == 1 ? R"({"busy": "yes"})" : "{}", "application/json");
  };
  Server never_again(busy_once);
  EXPECT_EQ(answer_of(service, never_again, query_for("cat")).page.error().code, ErrorCode::network);
  service.ask_again_after = std::chrono::milliseconds(1);
  Server again(busy_once);
  const PhotoAnswer answer = answer_of(service, again, query_for("cat"));
  EXPECT_TRUE(answer.page.ok());
  EXPECT_EQ(answer.cost.requests, 2);
}

TEST(JsonService, AnEntryTellsWhatTheDescriptionSays) {
  const ProviderEntry entry = json_entry(aperture());
  EXPECT_EQ(entry.info.name, "aperture");
  EXPECT_EQ(entry.endpoint, "https://api.aperture.example/find");
  HttpClient http(test::quick_http());
  const auto provider = entry.make({}, http);
  ASSERT_TRUE(provider.ok());
  EXPECT_EQ((*provider)->name(), "aperture");
}

}  // namespace
}  // namespace lookalike

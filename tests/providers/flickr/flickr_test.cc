#include "providers/flickr/flickr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/providers/common/provider_fixture.h"
#include "tests/support/flickr_stand_in.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::ask;
using test::FlickrStandIn;
using test::LoopbackServer;
using test::query_for;
using test::quick_http;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

constexpr const char* kKey = "0123456789abcdef0123456789abcdef";
constexpr const char* kOnePhoto =
    R"({"photos":{"page":1,"pages":1,"perpage":30,"total":"1","photo":[{"id":"7","owner":"1@N00","url_n":"https://x.org/7.jpg"}]},"stat":"ok"})";

ProviderSettings options_for(const std::string& endpoint) {
  ProviderSettings options;
  options.api_key = kKey;
  options.endpoint = endpoint;
  return options;
}

Result<std::unique_ptr<Provider>> make_flickr(const ProviderSettings& options, HttpClient& http) {
  JsonService impatient = flickr_service();
  impatient.ask_again_after = std::chrono::milliseconds(1);
  return make_json_provider(impatient, options, http);
}

// A service that answers every call with what `respond` says, and counts.
struct Service {
  std::atomic<int> calls = 0;
  LoopbackServer server;

  explicit Service(std::function<void(int call, const httplib::Request&, httplib::Response&)> respond)
      : server([this, respond](httplib::Server& routes) {
          routes.Get("/rest/", [this, respond](const httplib::Request& request, httplib::Response& response) {
            respond(++calls, request, response);
          });
        }) {}
  std::string endpoint() const { return server.url("/rest/"); }
};

// Asks once, with a client of its own.
PhotoAnswer answer_of(const Service& service, const PhotoQuery& query, LogSink log = {}) {
  HttpClient http(quick_http());
  ProviderSettings options = options_for(service.endpoint());
  options.log = std::move(log);
  auto provider = make_flickr(options, http);
  EXPECT_TRUE(provider.ok());
  return ask(**provider, query);
}

Error error_when(const std::function<void(httplib::Response&)>& respond) {
  const Service service([&](int, const httplib::Request&, httplib::Response& response) { respond(response); });
  const PhotoAnswer answer = answer_of(service, query_for("cat"));
  EXPECT_FALSE(answer.page.ok());
  return answer.page.ok() ? Error{ErrorCode::interrupted, "no error"} : answer.page.error();
}

TEST(FlickrText, KeepsWords) {
  EXPECT_EQ(*clean_flickr_text("tabby tabby cat"), "tabby tabby cat");
  EXPECT_EQ(*clean_flickr_text("  well-known \t café\n"), "well-known café");
}

TEST(FlickrText, StripsWhatWouldExclude) {
  EXPECT_EQ(*clean_flickr_text("-cat"), "cat");
  EXPECT_EQ(*clean_flickr_text("cat --dog -- -"), "cat dog");
}

TEST(FlickrText, CutsAndCleans) {
  EXPECT_EQ(*clean_flickr_text(std::string_view("c\0a\x1Bt\u202E", 8)), "cat");
  EXPECT_EQ(clean_flickr_text(std::string(100'000, 'x'))->size(), 200u);
  std::string wide;
  for (int i = 0; i < 300; ++i)
    wide += "日";
  EXPECT_EQ(clean_flickr_text(wide)->size(), 600u);
}

TEST(FlickrText, NothingLeftIsAUsageError) {
  for (const char* text : {"", " ", "-", "-- -", "\x1B", "\u202E"}) {
    const auto clean = clean_flickr_text(text);
    ASSERT_FALSE(clean.ok()) << text;
    EXPECT_EQ(clean.error().code, ErrorCode::usage);
  }
}

TEST(Flickr, WithoutAKeyTellsHowToGetOne) {
  HttpClient http(quick_http());
  for (const char* key : {"", "  \n"}) {
    ProviderSettings options;
    options.api_key = key;
    const auto provider = make_flickr(options, http);
    ASSERT_FALSE(provider.ok());
    EXPECT_EQ(provider.error().code, ErrorCode::auth);
    for (const char* hint : {"--api-key", "--api-key-file", "LOOKALIKE_FLICKR_KEY", "misc.api_keys.html"}) {
      EXPECT_THAT(provider.error().message, HasSubstr(hint));
    }
  }
}

TEST(Flickr, RefusesWrongOptionsWithoutShowingTheKey) {
  HttpClient http(quick_http());
  const auto refused = [&](const std::function<void(ProviderSettings&)>& change) {
    ProviderSettings options = options_for("");
    change(options);
    const auto provider = make_flickr(options, http);
    EXPECT_FALSE(provider.ok());
    if (provider.ok()) return ErrorCode::interrupted;
    EXPECT_THAT(provider.error().message, Not(HasSubstr(kKey)));
    return provider.error().code;
  };
  EXPECT_EQ(refused([](ProviderSettings& o) { o.safe = "very"; }), ErrorCode::usage);
  EXPECT_EQ(refused([](ProviderSettings& o) { o.licenses = "gpl"; }), ErrorCode::usage);
  EXPECT_EQ(refused([](ProviderSettings& o) { o.endpoint = "http://example.com/?api_key=" + o.api_key; }),
            ErrorCode::usage);
  EXPECT_EQ(refused([](ProviderSettings& o) { o.api_key += "\r\nX-Injected: 1"; }), ErrorCode::auth);
}

TEST(Flickr, SendsWhatTheServiceDocuments) {
  const TemporaryFolder folder;
  folder.write("1.jpg");
  test::StandInOptions stand_in;
  stand_in.collection =
      folder.write("m.jsonl", R"({"file":"1.jpg","id":"1","tags":["cat"],"license":"4","dateupload":100})");
  stand_in.key = kKey;
  const auto server = FlickrStandIn::start(stand_in);
  ASSERT_TRUE(server.ok());
  HttpClient http(quick_http());
  ProviderSettings options = options_for((*server)->endpoint());
  options.api_key = std::string(kKey) + "\n";
  options.licenses = "by";
  options.safe = "moderate";
  const auto provider = make_flickr(options, http);
  ASSERT_TRUE(provider.ok());
  PhotoQuery query = query_for("-cat");
  query.page = 1;
  query.per_page = 9999;
  query.uploaded_before = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'700'000'000'999));
  const PhotoAnswer answer = ask(**provider, query);
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  EXPECT_THAT(answer.page->photos, SizeIs(1));
  EXPECT_EQ(answer.cost.requests, 1);
  EXPECT_GT(answer.cost.bytes, 100);
  const auto calls = (*server)->calls();
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_THAT(
      calls[0],
      testing::UnorderedElementsAre(
          Pair("method", "flickr.photos.search"), Pair("format", "json"), Pair("nojsoncallback", "1"),
          Pair("api_key", kKey), Pair("text", "cat"), Pair("per_page", "500"), Pair("page", "1"),
          Pair("extras",
               "tags,license,owner_name,path_alias,date_upload,url_t,url_q,url_s,url_n,url_m,url_z,url_c,url_l"),
          Pair("media", "photos"), Pair("content_types", "0"), Pair("safe_search", "2"), Pair("license", "4,11"),
          Pair("max_upload_date", "1700000000")));
}

TEST(Flickr, SendsNothingForAnEmptyQueryOrAPageTooFar) {
  const Service service([](int, const httplib::Request&, httplib::Response& response) {
    response.set_content(kOnePhoto, "application/json");
  });
  const PhotoAnswer empty = answer_of(service, query_for("--"));
  ASSERT_FALSE(empty.page.ok());
  EXPECT_EQ(empty.page.error().code, ErrorCode::usage);
  PhotoQuery far = query_for("cat");
  far.per_page = 500;
  far.page = 9;
  const PhotoAnswer beyond = answer_of(service, far);
  ASSERT_TRUE(beyond.page.ok());
  EXPECT_THAT(beyond.page->photos, IsEmpty());
  EXPECT_FALSE(beyond.page->has_more);
  PhotoQuery broke = query_for("cat");
  broke.max_requests = 0;
  EXPECT_EQ(answer_of(service, broke).page.error().code, ErrorCode::quota);
  EXPECT_EQ(service.calls, 0);
}

TEST(Flickr, AsksAgainWhenFlickrSaysItIsNotAvailable) {
  std::vector<std::string> log;
  const Service service([](int call, const httplib::Request&, httplib::Response& response) {
    response.set_content(
        call < 3 ? R"({"stat":"fail","code":105,"message":"Service currently unavailable"})" : kOnePhoto,
        "application/json");
  });
  const PhotoAnswer answer =
      answer_of(service, query_for("cat"), [&](LogLevel, std::string_view text) { log.emplace_back(text); });
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  EXPECT_EQ(service.calls, 3);
  EXPECT_EQ(answer.cost.requests, 3);
  EXPECT_THAT(log, SizeIs(2));
}

TEST(Flickr, StopsAskingAtTheRequestsAllowed) {
  const Service service([](int, const httplib::Request&, httplib::Response& response) {
    response.set_content(R"({"stat":"fail","code":10,"message":"not currently available"})", "application/json");
  });
  PhotoQuery query = query_for("cat");
  query.max_requests = 2;
  const PhotoAnswer answer = answer_of(service, query);
  ASSERT_FALSE(answer.page.ok());
  EXPECT_EQ(answer.page.error().code, ErrorCode::network);
  EXPECT_EQ(answer.cost.requests, 2);
  EXPECT_EQ(service.calls, 2);
}

TEST(Flickr, RepeatsNoMoreThanTheUserWants) {
  const Service service([](int call, const httplib::Request&, httplib::Response& response) {
    if (call % 2 == 0)
      response.status = 500;
    else
      response.set_content(R"({"stat":"fail","code":0})", "application/json");
  });
  HttpClient http(quick_http());
  ProviderSettings options = options_for(service.endpoint());
  options.retries = 0;
  const auto provider = make_flickr(options, http);
  ASSERT_TRUE(provider.ok());
  EXPECT_EQ(ask(**provider, query_for("cat")).cost.requests, 1);
  EXPECT_EQ(ask(**provider, query_for("cat")).cost.requests, 1);
}

TEST(Flickr, NeverAsksAgainForWhatStaysWrong) {
  for (const int code : {100, 3, 18, 112}) {
    const Service service([code](int, const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"stat":"fail","code":)" + std::to_string(code) + "}", "application/json");
    });
    EXPECT_FALSE(answer_of(service, query_for("cat")).page.ok());
    EXPECT_EQ(service.calls, 1) << code;
  }
}

TEST(Flickr, MapsHttpStatuses) {
  const auto code_of = [](int status) {
    return error_when([status](httplib::Response& r) { r.status = status; }).code;
  };
  EXPECT_EQ(code_of(401), ErrorCode::auth);
  EXPECT_EQ(code_of(403), ErrorCode::auth);
  EXPECT_EQ(code_of(404), ErrorCode::bad_data);
  EXPECT_EQ(code_of(414), ErrorCode::usage);
  EXPECT_EQ(code_of(429), ErrorCode::quota);
  EXPECT_EQ(code_of(500), ErrorCode::network);
  EXPECT_EQ(code_of(503), ErrorCode::network);
}

TEST(Flickr, SaysWhatCameInsteadOfAnAnswer) {
  const Error html = error_when([](httplib::Response& r) { r.set_content("<html>Sign in</html>", "text/html"); });
  EXPECT_EQ(html.code, ErrorCode::bad_data);
  EXPECT_THAT(html.message, HasSubstr("<html>Sign in"));
  const Error large =
      error_when([](httplib::Response& r) { r.set_content(std::string(9 << 20, ' '), "application/json"); });
  EXPECT_EQ(large.code, ErrorCode::bad_data);
}

TEST(Flickr, AnUnreachableServiceIsANetworkError) {
  HttpClient http(quick_http());
  const auto provider = make_flickr(options_for("http://127.0.0.1:1/"), http);
  ASSERT_TRUE(provider.ok());
  const PhotoAnswer answer = ask(**provider, query_for("cat"));
  ASSERT_FALSE(answer.page.ok());
  EXPECT_EQ(answer.page.error().code, ErrorCode::network);
  EXPECT_THAT(answer.page.error().message, Not(HasSubstr(kKey)));
}

TEST(Flickr, TheKeyIsInNoErrorAndNoLogWhateverIsEchoed) {
  std::mutex mutex;
  std::vector<std::string> log;
  const LogSink sink = [&](LogLevel, std::string_view text) {
    const std::lock_guard lock(mutex);
    log.emplace_back(text);
  };
  const std::string key = kKey;
  const std::vector<std::string> bodies{
      R"({"stat":"fail","code":100,"message":"Invalid API Key: )" + key + R"("})",
      "<html>" + key + "</html>",
      R"({"stat":"fail","code":105,"message":"busy for )" + key + R"("})",
      R"({"stat":"fail","code":3,"message":")" + key + R"("})",
  };
  for (const std::string& body : bodies) {
    const Service service(
        [&](int, const httplib::Request&, httplib::Response& response) { response.set_content(body, "text/plain"); });
    const PhotoAnswer answer = answer_of(service, query_for("cat"), sink);
    ASSERT_FALSE(answer.page.ok());
    EXPECT_THAT(answer.page.error().message, Not(HasSubstr(key)));
  }
  for (const std::string& line : log)
    EXPECT_THAT(line, Not(HasSubstr(key)));
  EXPECT_FALSE(log.empty());
}

TEST(Flickr, ManySearchesAtOnceAllAnswer) {
  const TemporaryFolder folder;
  std::string manifest;
  for (int i = 0; i < 40; ++i) {
    folder.write(std::to_string(i) + ".jpg");
    manifest += R"({"file":")" + std::to_string(i) + R"(.jpg","id":")" + std::to_string(i) + R"(","tags":["t)" +
                std::to_string(i) + "\"]}\n";
  }
  test::StandInOptions stand_in;
  stand_in.collection = folder.write("m.jsonl", manifest);
  stand_in.key = kKey;
  stand_in.api_delay_ms = 5;
  const auto server = FlickrStandIn::start(stand_in);
  ASSERT_TRUE(server.ok());
  HttpClient http(quick_http());
  const auto provider = make_flickr(options_for((*server)->endpoint()), http);
  ASSERT_TRUE(provider.ok());
  std::vector<std::jthread> threads;
  std::atomic<int> found = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 5; ++n) {
        const std::string number = std::to_string(i * 5 + n);
        const PhotoAnswer answer = ask(**provider, query_for("t" + number));
        if (answer.page.ok() && answer.page->photos.size() == 1 && answer.page->photos[0].id == number) ++found;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(found, 40);
}

TEST(Flickr, NoCallbackRunsOnceTheProviderIsGone) {
  const Service service([](int, const httplib::Request&, httplib::Response& response) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    response.set_content(kOnePhoto, "application/json");
  });
  HttpClient http(quick_http());
  for (int round = 0; round < 10; ++round) {
    std::atomic<bool> gone = false;
    std::atomic<int> late = 0;
    auto provider = make_flickr(options_for(service.endpoint()), http);
    ASSERT_TRUE(provider.ok());
    for (int i = 0; i < 5; ++i) {
      (*provider)->search(query_for("cat"), [&](PhotoAnswer) {
        if (gone) ++late;
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5 * round));
    provider->reset();
    gone = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_EQ(late, 0);
  }
}

}  // namespace
}  // namespace lookalike

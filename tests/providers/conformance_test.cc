// What every source owes, whatever it asks: run over each one of the registry by its real protocol, against a stand-in
// on the loopback address. A new source gets all of these tests by one line in kSources.
#include <gmock/gmock.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "core/base/json.h"
#include "core/base/text.h"
#include "providers/registry.h"
#include "tests/providers/provider_fixture.h"
#include "tests/support/flickr_stand_in.h"
#include "tests/support/loopback_server.h"
#include "tests/support/service_stand_in.h"

namespace lookalike {
namespace {

using test::ask;
using test::FlickrStandIn;
using test::LoopbackServer;
using test::query_for;
using test::quick_http;
using test::ServiceStandIn;

constexpr int kPhotos = 45;
constexpr const char* kKey = "0123456789abcdef0123456789abcdef";
constexpr const char* kCredentials = "client-id:0123456789abcdef0123456789abcdef";

struct Source {
  const char* label;     // of the test
  const char* provider;  // of the registry
  const char* key;       // what it is given
  bool asks;             // by HTTP; else it looks on this disk
};

const std::vector<Source> kSources{
    {"flickr", "flickr", kKey, true},     {"folder", "folder", "", false},
    {"openverse", "openverse", "", true}, {"openverse_with_credentials", "openverse", kCredentials, true},
    {"commons", "commons", "", true},     {"pixabay", "pixabay", kKey, true},
};

// The service that a source asks, in good order.
class Service {
 public:
  Service(const Source& source, const std::filesystem::path& collection) {
    if (source.provider == std::string("flickr")) {
      auto started = FlickrStandIn::start({.collection = collection, .key = source.key});
      if (started) flickr_ = std::move(*started);
    } else if (source.asks) {
      auto started = ServiceStandIn::start(source.provider, {.collection = collection, .key = source.key});
      if (started) other_ = std::move(*started);
    }
  }
  std::string endpoint() const { return flickr_ ? flickr_->endpoint() : other_ ? other_->endpoint() : ""; }

 private:
  std::unique_ptr<FlickrStandIn> flickr_;
  std::unique_ptr<ServiceStandIn> other_;
};

class Conformance : public testing::TestWithParam<Source> {
 protected:
  Conformance() : collection_(test::write_collection(folder_, kPhotos)), service_(GetParam(), collection_) {}

  std::unique_ptr<Provider> make(const std::string& endpoint, HttpClient& http) {
    ProviderSettings settings;
    settings.provider = GetParam().provider;
    if (!GetParam().asks) settings.provider += ":" + folder_.path().string();
    settings.api_key = GetParam().key;
    settings.endpoint = endpoint;
    settings.retries = 3;
    settings.log = [this](LogLevel, std::string_view text) {
      const std::lock_guard lock(mutex_);
      log_.emplace_back(text);
    };
    auto provider = make_provider(settings, http);
    EXPECT_TRUE(provider.ok()) << provider.error().message;
    return provider.ok() ? std::move(*provider) : nullptr;
  }
  std::unique_ptr<Provider> make() { return make(service_.endpoint(), http_); }

  std::string secret() const {
    const std::string key = GetParam().key;
    return key.substr(key.find(':') + 1);
  }
  void expect_no_secret(const std::string& text) const {
    EXPECT_TRUE(secret().empty() || text.find(secret()) == std::string::npos) << text;
  }
  void expect_no_secret_in_log() {
    const std::lock_guard lock(mutex_);
    for (const std::string& line : log_)
      expect_no_secret(line);
  }

  test::TemporaryFolder folder_;
  std::filesystem::path collection_;
  Service service_;
  std::mutex mutex_;
  std::vector<std::string> log_;
  HttpClient http_{quick_http(3)};
};

void expect_sound(const Photo& photo, const std::string& provider) {
  EXPECT_EQ(photo.provider, provider);
  EXPECT_FALSE(photo.id.empty());
  const bool local = !photo.local_path.empty();
  for (const std::string* url : {&photo.page_url, &photo.image_url}) {
    const bool web = url->starts_with("https://") || url->starts_with("http://");
    EXPECT_TRUE(local ? url->starts_with("file://") : web) << *url;
  }
  for (const std::string* text :
       {&photo.id, &photo.page_url, &photo.image_url, &photo.title, &photo.owner, &photo.owner_url, &photo.attribution,
        &photo.license.id, &photo.license.name, &photo.license.url}) {
    EXPECT_EQ(valid_utf8(*text), *text);
  }
  for (const std::string& tag : photo.tags) {
    EXPECT_FALSE(tag.empty());
    EXPECT_EQ(terminal_safe(tag), tag);
  }
}

void expect_sound(const PhotoPage& page, const std::string& provider) {
  std::set<std::string> ids;
  for (const Photo& photo : page.photos) {
    expect_sound(photo, provider);
    EXPECT_TRUE(ids.insert(photo.id).second) << photo.id << " twice on a page";
  }
}

TEST_P(Conformance, PagesHoldEveryPhotoOnce) {
  const auto provider = make();
  ASSERT_TRUE(provider);
  std::set<std::string> ids;
  bool more = true;
  int pages = 0;
  while (more) {
    const PhotoAnswer answer = ask(*provider, query_for("thing", ++pages, 10));
    ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
    expect_sound(*answer.page, GetParam().provider);
    for (const Photo& photo : answer.page->photos)
      EXPECT_TRUE(ids.insert(photo.id).second) << photo.id << " on two pages";
    more = answer.page->has_more;
    ASSERT_LE(pages, kPhotos) << "it never ends";
  }
  EXPECT_EQ(ids.size(), static_cast<size_t>(kPhotos));
  EXPECT_EQ(pages, 5);
  EXPECT_TRUE(ask(*provider, query_for("thing", 6, 10)).page->photos.empty());
}

TEST_P(Conformance, PhotosCarryWhatResultsShow) {
  const auto provider = make();
  const PhotoAnswer answer = ask(*provider, query_for("tag7"));
  ASSERT_TRUE(answer.page.ok());
  ASSERT_EQ(answer.page->photos.size(), 1u);
  const Photo& photo = answer.page->photos[0];
  EXPECT_FALSE(photo.owner.empty());
  EXPECT_FALSE(photo.license.name.empty());
  EXPECT_FALSE(photo.attribution.empty());
  std::set<std::string> keys;
  for (const std::string& tag : photo.tags)
    keys.insert(tag_key(tag));
  EXPECT_EQ(keys, (std::set<std::string>{"thing", "tag7", tag_key("größe")}));
}

TEST_P(Conformance, NonLatinTagsCanBeAskedFor) {
  const auto provider = make();
  const PhotoAnswer answer = ask(*provider, query_for("Größe", 1, 10));
  ASSERT_TRUE(answer.page.ok());
  EXPECT_EQ(answer.page->photos.size(), 10u);
}

TEST_P(Conformance, NothingFoundIsAnEmptyPageAndNoError) {
  const auto provider = make();
  const PhotoAnswer answer = ask(*provider, query_for("unicorn"));
  ASSERT_TRUE(answer.page.ok()) << answer.page.error().message;
  EXPECT_TRUE(answer.page->photos.empty());
  EXPECT_FALSE(answer.page->has_more);
  EXPECT_GE(answer.cost.requests, 1);
}

TEST_P(Conformance, WithoutARequestNothingIsSent) {
  const auto provider = make();
  const PhotoAnswer answer = ask(*provider, query_for("thing", 1, 10, 0));
  ASSERT_FALSE(answer.page.ok());
  EXPECT_EQ(answer.page.error().code, ErrorCode::quota);
  EXPECT_EQ(answer.cost.requests, 0);
}

TEST_P(Conformance, OddQueriesHarmNothing) {
  const auto provider = make();
  const std::string long_text(20'000, 'x');
  for (const char* text :
       {"-", "\"", "thing -", "a\x1B[31mb", "(((((", "*", "title:~2 OR", long_text.c_str(), "\xE2\x80\xAE"}) {
    const PhotoAnswer answer = ask(*provider, query_for(text));
    if (answer.page.ok())
      expect_sound(*answer.page, GetParam().provider);
    else
      EXPECT_EQ(answer.page.error().code, ErrorCode::usage) << text << ": " << answer.page.error().message;
  }
}

TEST_P(Conformance, ManySearchesAtOnceAllAnswer) {
  const auto provider = make();
  std::atomic<int> found = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 3; ++n) {
        const PhotoAnswer answer = ask(*provider, query_for("tag" + std::to_string(i * 3 + n)));
        if (answer.page.ok() && answer.page->photos.size() == 1) ++found;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(found, 18);
}

INSTANTIATE_TEST_SUITE_P(Sources, Conformance, testing::ValuesIn(kSources),
                         [](const auto& source) { return std::string(source.param.label); });

// Sources that ask by HTTP, when something goes wrong.
class ServiceConformance : public Conformance {
 protected:
  using Respond = std::function<void(int call, const httplib::Request&, httplib::Response&)>;

  // A server that answers whatever it is asked.
  struct Faulty {
    std::atomic<int> calls = 0;
    LoopbackServer server;
    explicit Faulty(const Respond& respond)
        : server([this, respond](httplib::Server& routes) {
            const auto handler = [this, respond](const httplib::Request& request, httplib::Response& response) {
              respond(++calls, request, response);
            };
            routes.Get(".*", handler);
            routes.Post(".*", handler);
          }) {}
    std::string endpoint() const { return server.url("/"); }
  };

  struct Outcome {
    Error error;
    int calls = 0;
  };

  Outcome outcome_of(const Respond& respond, int max_requests = 4) {
    const Faulty faulty(respond);
    HttpClient http(quick_http(3));
    const auto provider = make(faulty.endpoint(), http);
    const PhotoAnswer answer = ask(*provider, query_for("thing", 1, 10, max_requests));
    EXPECT_LE(answer.cost.requests, max_requests);
    EXPECT_EQ(answer.cost.requests, faulty.calls);
    expect_no_secret_in_log();
    if (answer.page.ok()) return {{ErrorCode::interrupted, "no error"}, faulty.calls};
    EXPECT_FALSE(answer.page.error().message.empty());
    EXPECT_EQ(valid_utf8(answer.page.error().message), answer.page.error().message);
    expect_no_secret(answer.page.error().message);
    return {answer.page.error(), faulty.calls};
  }
  ErrorCode status_code(int status, const std::string& body = "") {
    return outcome_of([&](int, const httplib::Request&, httplib::Response& response) {
             response.status = status;
             response.set_header("Retry-After", "0");
             response.set_content(body, "application/json");
           })
        .error.code;
  }
  ErrorCode body_code(const std::string& body) {
    return outcome_of([&](int, const httplib::Request&, httplib::Response& response) {
             response.set_content(body, "application/json");
           })
        .error.code;
  }
};

TEST_P(ServiceConformance, StatusesBecomeErrors) {
  EXPECT_EQ(status_code(401), ErrorCode::auth);
  EXPECT_EQ(status_code(403), ErrorCode::auth);
  EXPECT_EQ(status_code(429), ErrorCode::quota);
  EXPECT_EQ(status_code(500), ErrorCode::network);
  EXPECT_EQ(status_code(503), ErrorCode::network);
  EXPECT_EQ(status_code(404), ErrorCode::bad_data);
}

TEST_P(ServiceConformance, WhatIsNoAnswerIsNoEmptyPage) {
  for (const char* body : {"", "<html>Sign in</html>", "null", "[]", "{}", "\"x\"", "{\"query\": 7, \"hits\": {}",
                           "\xFF\xFE", R"({"photos": [], "results": {}, "hits": {}})"}) {
    EXPECT_EQ(body_code(body), ErrorCode::bad_data) << body;
  }
  EXPECT_EQ(body_code(std::string(100'000, '[')), ErrorCode::bad_data);
  EXPECT_EQ(body_code(std::string(9 << 20, ' ')), ErrorCode::bad_data);
}

TEST_P(ServiceConformance, ACutAnswerIsTriedAgainAndThenAnError) {
  const Outcome outcome = outcome_of([](int, const httplib::Request&, httplib::Response& response) {
    response.set_content_provider(1'000, "application/json", [](size_t, size_t, httplib::DataSink&) { return false; });
  });
  EXPECT_EQ(outcome.error.code, ErrorCode::network);
  EXPECT_GT(outcome.calls, 1);
}

TEST_P(ServiceConformance, AnUnreachableServiceIsANetworkError) {
  const auto provider = make("http://127.0.0.1:1/", http_);
  const PhotoAnswer answer = ask(*provider, query_for("thing"));
  ASSERT_FALSE(answer.page.ok());
  EXPECT_EQ(answer.page.error().code, ErrorCode::network);
  expect_no_secret(answer.page.error().message);
}

TEST_P(ServiceConformance, NeverMoreRequestsThanAllowed) {
  for (int most = 1; most <= 5; ++most) {
    const Outcome outcome =
        outcome_of([](int, const httplib::Request&, httplib::Response& response) { response.status = 503; }, most);
    EXPECT_EQ(outcome.calls, std::min(most, 4)) << "three repetitions";
  }
}

TEST_P(ServiceConformance, WhateverIsEchoedTheSecretIsInNoErrorAndNoLog) {
  for (const int status : {200, 400, 401, 403, 429, 500}) {
    const Outcome outcome = outcome_of([&](int, const httplib::Request& request, httplib::Response& response) {
      response.status = status;
      response.set_header("Retry-After", "0");
      const std::string echo = request.target + request.body + secret();
      response.set_content("{\"stat\": \"fail\", \"code\": 105, \"message\": \"" + echo + "\", \"detail\": \"" + echo +
                               "\", \"error\": \"" + echo + "\"}",
                           "application/json");
    });
    EXPECT_NE(outcome.error.code, ErrorCode::interrupted) << status;
  }
}

// Passes requests on to the service in good order and lets `change` have its way with the answer.
class Proxy {
 public:
  using Change = std::function<std::string(const std::string& body)>;
  Proxy(std::string behind, Change change)
      : behind_(std::move(behind)), change_(std::move(change)), server_([this](httplib::Server& routes) {
          routes.Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
            const auto got = client().Get(request.target, request.headers);
            response.status = got ? got->status : 502;
            if (got) response.set_content(change_(got->body), "application/json");
          });
          routes.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
            const auto got = client().Post(request.target, request.body, "application/x-www-form-urlencoded");
            response.status = got ? got->status : 502;
            if (got) response.set_content(got->body, "application/json");
          });
        }) {}
  // The endpoint's path is kept.
  std::string endpoint() const { return server_.url(behind_.substr(behind_.find('/', 8))); }

 private:
  httplib::Client client() const { return httplib::Client(behind_.substr(0, behind_.find('/', 8))); }

  std::string behind_;
  Change change_;
  LoopbackServer server_;
};

// The value number `index` in the document, counted depth first; null when there are fewer.
rapidjson::Value* value_at(rapidjson::Value& value, int& index) {
  if (index-- == 0) return &value;
  if (value.IsArray()) {
    for (auto& element : value.GetArray()) {
      if (auto* found = value_at(element, index)) return found;
    }
  } else if (value.IsObject()) {
    for (auto& member : value.GetObject()) {
      if (auto* found = value_at(member.value, index)) return found;
    }
  }
  return nullptr;
}

// Empty when there is no such value.
std::string with_odd_value(const std::string& body, int index, int oddity) {
  rapidjson::Document document;
  document.Parse(body.data(), body.size());
  if (document.HasParseError()) return {};
  rapidjson::Value* value = value_at(document, index);
  if (value == nullptr) return {};
  auto& memory = document.GetAllocator();
  switch (oddity) {
    case 0: value->SetNull(); break;
    case 1: value->SetDouble(-1e300); break;
    case 2: value->SetArray().PushBack(1, memory); break;
    case 3: value->SetObject().AddMember("a", 1, memory); break;
    case 4: value->SetString("\xFF\xC0\x80\x1B[31m\xE2\x80\xAE-x", memory); break;
    case 5: value->SetString(std::string(20'000, 'y'), memory); break;
    case 6: value->SetString("", memory); break;
    default: value->SetInt64(INT64_MAX); break;
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

TEST_P(ServiceConformance, AnyOddFieldIsSurvived) {
  constexpr int kOddities = 8;
  std::atomic<int> index = 0;
  std::atomic<int> oddity = 0;
  std::atomic<bool> beyond_the_last = false;
  const Proxy proxy(service_.endpoint(), [&](const std::string& body) {
    std::string changed = with_odd_value(body, index, oddity);
    beyond_the_last = changed.empty();
    return changed.empty() ? body : changed;
  });
  const auto provider = make(proxy.endpoint(), http_);
  int tried = 0;
  while (!beyond_the_last) {
    for (oddity = 0; oddity < kOddities && !beyond_the_last; ++oddity, ++tried) {
      const PhotoAnswer answer = ask(*provider, query_for("tag7", 1, 10));
      if (answer.page.ok()) expect_sound(*answer.page, GetParam().provider);
    }
    ++index;
  }
  EXPECT_GT(tried, 100);
}

TEST_P(ServiceConformance, NoTruncationIsTakenForAnAnswer) {
  std::atomic<size_t> size = 0;
  std::atomic<size_t> whole = 1;
  const Proxy proxy(service_.endpoint(), [&](const std::string& body) {
    whole = body.size();
    return body.substr(0, size);
  });
  const auto provider = make(proxy.endpoint(), http_);
  for (; size < whole; size = size + 29) {
    const PhotoAnswer answer = ask(*provider, query_for("tag7", 1, 10));
    EXPECT_FALSE(answer.page.ok()) << "cut at " << size << " of " << whole;
  }
  EXPECT_GT(size, 100u);
}

TEST_P(ServiceConformance, NoCallbackRunsOnceTheProviderIsGone) {
  const Faulty slow([](int, const httplib::Request&, httplib::Response& response) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    response.set_content("{}", "application/json");
  });
  for (int round = 0; round < 8; ++round) {
    std::atomic<bool> gone = false;
    std::atomic<int> late = 0;
    auto provider = make(slow.endpoint(), http_);
    for (int i = 0; i < 5; ++i) {
      provider->search(query_for("thing"), [&](PhotoAnswer) {
        if (gone) ++late;
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(4 * round));
    provider.reset();
    gone = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(late, 0);
  }
}

std::vector<Source> sources_that_ask() {
  std::vector<Source> sources;
  std::copy_if(kSources.begin(), kSources.end(), std::back_inserter(sources), [](const Source& s) { return s.asks; });
  return sources;
}

INSTANTIATE_TEST_SUITE_P(Sources, ServiceConformance, testing::ValuesIn(sources_that_ask()),
                         [](const auto& source) { return std::string(source.param.label); });

TEST(ConformanceList, HoldsEverySourceOfTheRegistry) {
  for (const ProviderInfo& info : provider_infos()) {
    const bool listed = std::any_of(kSources.begin(), kSources.end(),
                                    [&](const Source& source) { return info.name == source.provider; });
    EXPECT_TRUE(listed) << info.name << " lacks a line in kSources";
  }
}

}  // namespace
}  // namespace lookalike

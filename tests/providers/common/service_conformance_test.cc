// What sources that ask by HTTP owe when something goes wrong: conformance_fixture.h lists them.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "core/base/text/json.h"
#include "tests/providers/common/conformance_fixture.h"
#include "tests/support/loopback_server.h"

namespace lookalike::test {
namespace {

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
    // Three repetitions; the request for a token leaves one for the search itself.
    EXPECT_LE(outcome.calls, std::min(most, 4));
    EXPECT_GE(outcome.calls, std::max(1, std::min(most, 4) - 1));
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

}  // namespace
}  // namespace lookalike::test

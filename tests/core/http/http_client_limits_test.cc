// Gates and hosts' own limits: who goes when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

#include "core/http/http_client.h"
#include "tests/core/http/http_fixture.h"
#include "tests/support/loopback_server.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using test::local_request;
using test::LoopbackServer;
using test::message_of;
using test::quick_options;

using Request = httplib::Request;
using Response = httplib::Response;

// Plays a list of answers, then lets everyone go.
class ScriptedGate final : public CallGate {
 public:
  explicit ScriptedGate(std::vector<Admission> script) : script_(std::move(script)) {}
  Admission admit() override {
    const size_t turn = static_cast<size_t>(asked_++);
    return turn < script_.size() ? script_[turn] : Admission{};
  }
  int asked() const { return asked_; }

 private:
  std::vector<Admission> script_;
  std::atomic<int> asked_ = 0;
};

// Counts requests, and how many are inside at once.
class CountingServer {
 public:
  explicit CountingServer(milliseconds delay = milliseconds(0), int failures = 0)
      : server_([this, delay, failures](httplib::Server& routes) {
          routes.Get("/", [this, delay, failures](const Request&, Response& response) {
            const int now = ++inside_;
            for (int most = most_; now > most && !most_.compare_exchange_weak(most, now);) {
            }
            std::this_thread::sleep_for(delay);
            response.status = requests_++ < failures ? 503 : 200;
            --inside_;
          });
          routes.Get("/moved", [](const Request&, Response& response) { response.set_redirect("/"); });
        }) {}

  std::string url(const char* path = "/") const { return server_.url(path); }
  int requests() const { return requests_; }
  int most() const { return most_; }

 private:
  std::atomic<int> requests_ = 0;
  std::atomic<int> inside_ = 0;
  std::atomic<int> most_ = 0;
  LoopbackServer server_;
};

HttpRequest gated(const std::string& url, CallGate& gate) {
  HttpRequest request = local_request(url);
  request.gate = &gate;
  return request;
}

// Submits so many requests and waits for all.
void fetch_many(HttpClient& client, const HttpRequest& request, int count) {
  std::mutex mutex;
  std::condition_variable changed;
  int left = count;
  for (int i = 0; i < count; ++i) {
    client.submit(request, [&](const HttpAnswer& answer) {
      EXPECT_TRUE(answer.response.ok()) << message_of(answer);
      const std::lock_guard lock(mutex);
      --left;
      changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  ASSERT_TRUE(changed.wait_for(lock, test::kHangLimit, [&] { return left == 0; }));
}

TEST(HttpClientLimits, AGateIsAskedBeforeEveryAttempt) {
  CountingServer server(milliseconds(0), 2);
  ScriptedGate gate({});
  HttpClient client(quick_options());
  const HttpAnswer answer = client.fetch(gated(server.url(), gate));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.cost.requests, 3);
  EXPECT_EQ(gate.asked(), 3);
}

TEST(HttpClientLimits, AGateIsAskedForRedirectsToo) {
  CountingServer server;
  ScriptedGate gate({});
  HttpClient client(quick_options());
  const HttpAnswer answer = client.fetch(gated(server.url("/moved"), gate));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(gate.asked(), 2);
}

TEST(HttpClientLimits, AGateMayLetARequestWait) {
  CountingServer server;
  ScriptedGate gate({{.wait = milliseconds(30)}, {.wait = milliseconds(30)}});
  HttpClient client(quick_options());
  const auto begin = steady_clock::now();
  const HttpAnswer answer = client.fetch(gated(server.url(), gate));
  EXPECT_GE(steady_clock::now() - begin, milliseconds(60));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.cost.requests, 1);
  EXPECT_EQ(gate.asked(), 3);
}

TEST(HttpClientLimits, ARequestThatWaitsHoldsNobodyUp) {
  CountingServer server;
  ScriptedGate gate({{.wait = seconds(3600)}});
  HttpOptions options = quick_options();
  options.max_connections = options.max_connections_per_host = 1;
  HttpClient client(options);
  client.submit(gated(server.url(), gate), [](HttpAnswer) { FAIL(); });
  fetch_many(client, local_request(server.url()), 3);
  EXPECT_EQ(server.requests(), 3);
}

TEST(HttpClientLimits, ARefusedRequestIsNotSent) {
  CountingServer server;
  ScriptedGate gate({{.refusal = Error{ErrorCode::quota, "nothing left"}}});
  HttpClient client(quick_options());
  const HttpAnswer refused = client.fetch(gated(server.url(), gate));
  ASSERT_FALSE(refused.response.ok());
  EXPECT_EQ(refused.response.error().code, ErrorCode::quota);
  EXPECT_EQ(refused.cost.requests, 0);
  EXPECT_EQ(server.requests(), 0);
  EXPECT_TRUE(client.fetch(gated(server.url(), gate)).response.ok());
}

TEST(HttpClientLimits, ARepetitionMayBeRefused) {
  CountingServer server(milliseconds(0), 100);
  ScriptedGate gate({{}, {.refusal = Error{ErrorCode::quota, "nothing left"}}});
  HttpClient client(quick_options());
  const HttpAnswer answer = client.fetch(gated(server.url(), gate));
  ASSERT_FALSE(answer.response.ok());
  EXPECT_EQ(answer.response.error().code, ErrorCode::quota);
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST(HttpClientLimits, AHostsOwnLimitHolds) {
  CountingServer server(milliseconds(15));
  HttpOptions options = quick_options();
  options.host_policies = {{.host = "127.0.0.1", .max_at_once = 2}};
  HttpClient client(options);
  fetch_many(client, local_request(server.url()), 12);
  EXPECT_LE(server.most(), 2);
}

// Waits no longer than told, and remembers for what.
class ScriptedPatience final : public Patience {
 public:
  explicit ScriptedPatience(milliseconds longest) : longest_(longest) {}
  std::optional<milliseconds> wait(TimePoint now, const Delay& delay) override {
    const std::lock_guard lock(mutex_);
    reason_ = delay.reason;
    if (delay.until - now > longest_) return std::nullopt;
    return milliseconds(5);
  }
  void lose() {
    const std::lock_guard lock(mutex_);
    longest_ = milliseconds(0);
  }
  std::string reason() {
    const std::lock_guard lock(mutex_);
    return reason_;
  }

 private:
  std::mutex mutex_;
  milliseconds longest_;
  std::string reason_;
};

TEST(HttpClientLimits, WhatARequestHasNoPatienceForEndsIt) {
  CountingServer server;
  ScriptedGate gate(
      std::vector<Admission>(100, {.wait = seconds(50), .reason = "20 calls are used up", .advice = "pay"}));
  HttpClient client(quick_options());
  HttpRequest request = gated(server.url(), gate);
  request.patience = std::make_shared<ScriptedPatience>(seconds(20));
  const HttpAnswer answer = client.fetch(request);
  ASSERT_FALSE(answer.response.ok());
  EXPECT_EQ(answer.response.error().code, ErrorCode::quota);
  EXPECT_EQ(answer.response.error().cause, ErrorCause::rate);
  EXPECT_EQ(answer.response.error().message, "20 calls are used up: try again in 50 s; pay");
  EXPECT_EQ(server.requests(), 0);
}

TEST(HttpClientLimits, PatienceMayRunOutDuringTheWait) {
  CountingServer server;
  ScriptedGate gate(std::vector<Admission>(1'000'000, {.wait = seconds(50), .reason = "used up"}));
  HttpClient client(quick_options());
  HttpRequest request = gated(server.url(), gate);
  const auto patience = std::make_shared<ScriptedPatience>(seconds(60));
  request.patience = patience;
  std::promise<HttpAnswer> promise;
  client.submit(request, [&](HttpAnswer answer) { promise.set_value(std::move(answer)); });
  while (patience->reason().empty())
    std::this_thread::sleep_for(milliseconds(1));
  patience->lose();
  EXPECT_EQ(promise.get_future().get().response.error().cause, ErrorCause::rate);
}

TEST(HttpClientLimits, TwoRequestsWithOneGateHaveTimeLimitsOfTheirOwn) {
  CountingServer server;
  ScriptedGate gate({{.wait = seconds(5), .reason = "used up"}, {.wait = seconds(5), .reason = "used up"}});
  HttpClient client(quick_options());
  HttpRequest hasty = gated(server.url(), gate);
  hasty.patience = std::make_shared<ScriptedPatience>(seconds(1));
  HttpRequest patient = gated(server.url(), gate);
  patient.patience = std::make_shared<ScriptedPatience>(seconds(60));
  EXPECT_FALSE(client.fetch(hasty).response.ok());
  EXPECT_TRUE(client.fetch(patient).response.ok());
}

// Answers 429 to the first `refusals` requests.
class TiredServer {
 public:
  TiredServer(int refusals, std::string retry_after)
      : server_([this, refusals, retry_after](httplib::Server& routes) {
          routes.Get("/", [this, refusals, retry_after](const Request&, Response& response) {
            if (requests_++ >= refusals) return;
            response.status = 429;
            if (!retry_after.empty()) response.set_header("Retry-After", retry_after);
          });
        }) {}
  std::string url() const { return server_.url("/"); }
  int requests() const { return requests_; }

 private:
  std::atomic<int> requests_ = 0;
  LoopbackServer server_;
};

TEST(HttpClientLimits, AHostThatAnswers429RestsAsAWhole) {
  TiredServer server(1, "600");
  HttpOptions options = quick_options();
  HttpClient client(options);
  EXPECT_EQ(client.fetch(local_request(server.url())).response->status, 429);
  // Nobody else is sent there meanwhile, under whatever path.
  const HttpAnswer other = client.fetch(local_request(server.url() + "?another"));
  ASSERT_FALSE(other.response.ok());
  EXPECT_EQ(other.response.error().cause, ErrorCause::rate);
  EXPECT_THAT(other.response.error().message, testing::AllOf(testing::HasSubstr("asks for a pause (HTTP 429)"),
                                                             testing::HasSubstr("try again in 10 min")));
  EXPECT_EQ(other.cost.requests, 0);
  EXPECT_EQ(server.requests(), 1);
}

TEST(HttpClientLimits, APatientRequestWaitsForTheHost) {
  TiredServer server(1, "1");
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url());
  request.patience = std::make_shared<ScriptedPatience>(seconds(60));
  const auto begin = steady_clock::now();
  const HttpAnswer answer = client.fetch(request);
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response->status, 200);
  EXPECT_EQ(answer.cost.requests, 2);
  EXPECT_GE(steady_clock::now() - begin, seconds(1));
}

TEST(HttpClientLimits, ARequestWithoutPatienceEndsWhenItsHostRests) {
  TiredServer server(1'000, "30");
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url());
  request.patience = std::make_shared<NoPatience>();
  const HttpAnswer answer = client.fetch(request);
  ASSERT_FALSE(answer.response.ok());
  EXPECT_EQ(answer.response.error().cause, ErrorCause::rate);
  EXPECT_EQ(answer.cost.requests, 1) << "that one was sent";
}

TEST(HttpClientLimits, WithoutRetryAfterTheRestIsABackOffForAll) {
  TiredServer server(5, "");
  HttpOptions options = quick_options();
  options.first_retry_wait = milliseconds(10);
  options.retries = 10;
  HttpClient client(options);
  fetch_many(client, local_request(server.url()), 30);
  // Of ten at once all may have been refused, and the next ones after a rest each.
  EXPECT_GE(server.requests(), 30);
  EXPECT_LE(server.requests(), 30 + 5);
}

TEST(HttpClientLimits, AHostsRateHolds) {
  CountingServer server;
  HttpOptions options = quick_options();
  options.host_policies = {{.host = "127.0.0.1", .per_second = 50, .burst = 4}};
  HttpClient client(options);
  const auto begin = steady_clock::now();
  fetch_many(client, local_request(server.url()), 10);
  EXPECT_GE(steady_clock::now() - begin, milliseconds(120));
}

TEST(HttpClientLimits, NoAttemptBeginsAfterTheTimeForAll) {
  CountingServer server(milliseconds(0), 1000);
  HttpOptions options = quick_options();
  options.retries = 1000;
  options.first_retry_wait = milliseconds(20);
  options.max_retry_wait = milliseconds(20);
  options.retry_for = seconds(1);
  HttpClient client(options);
  const HttpAnswer answer = client.fetch(local_request(server.url()));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response->status, 503);
  EXPECT_GT(answer.cost.requests, 1);
  EXPECT_LT(answer.cost.requests, 1000);
}

TEST(HttpClientLimits, LongWaitsOfRepetitionsAreLogged) {
  LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/", [](const Request&, Response& response) {
      response.status = 503;
      response.set_header("Retry-After", "3600");
    });
  });
  HttpOptions options = quick_options();
  options.max_retry_wait = std::chrono::hours(2);
  options.retry_for = std::chrono::hours(3);
  std::promise<std::string> said;
  std::atomic<bool> first = true;
  options.log = [&](LogLevel, std::string_view text) {
    if (first.exchange(false)) said.set_value(std::string(text));
  };
  auto line = said.get_future();
  HttpClient client(options);
  client.submit(local_request(server.url("/")), [](HttpAnswer) { FAIL(); });
  ASSERT_EQ(line.wait_for(test::kHangLimit), std::future_status::ready);
  EXPECT_THAT(line.get(), testing::HasSubstr("waiting 3600.0 s before attempt 2 of 4"));
}

}  // namespace
}  // namespace lookalike

// What is tried again, how often, and what that costs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <ctime>
#include <mutex>

#include "core/http/http_client.h"
#include "tests/core/http/http_fixture.h"
#include "tests/support/loopback_server.h"
#include "tests/support/raw_server.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::local_request;
using test::LoopbackServer;
using test::message_of;
using test::quick_options;
using test::RawConnection;
using test::RawServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Request = httplib::Request;
using Response = httplib::Response;

// Answers the first `failures` requests with the given status and header, later ones with "good".
class FailingServer {
 public:
  FailingServer(int failures, int status, httplib::Headers headers = {})
      : server_([this, failures, status, headers = std::move(headers)](httplib::Server& routes) {
          routes.Get("/", [this, failures, status, headers](const Request&, Response& response) {
            if (requests_++ >= failures) return response.set_content("good", "text/plain");
            response.headers = headers;
            response.status = status;
          });
        }) {}

  std::string url() const { return server_.url("/"); }
  int requests() const { return requests_; }

 private:
  std::atomic<int> requests_{0};
  LoopbackServer server_;
};

TEST(HttpClientRetry, TriesServerErrorsAgain) {
  for (const int status : {429, 500, 502, 503, 504}) {
    FailingServer server(2, status);
    HttpClient client(quick_options());
    const HttpAnswer answer = client.fetch(local_request(server.url()));
    ASSERT_TRUE(answer.response.ok()) << message_of(answer);
    EXPECT_EQ(answer.response.value().status, 200);
    EXPECT_EQ(answer.response.value().body, "good");
    EXPECT_EQ(answer.cost.requests, 3);
  }
}

TEST(HttpClientRetry, DoesNotTryTheCallersFaultsAgain) {
  for (const int status : {400, 401, 403, 404, 410, 501}) {
    FailingServer server(100, status);
    HttpClient client(quick_options());
    const HttpAnswer answer = client.fetch(local_request(server.url()));
    ASSERT_TRUE(answer.response.ok()) << message_of(answer);
    EXPECT_EQ(answer.response.value().status, status);
    EXPECT_EQ(server.requests(), 1);
  }
}

TEST(HttpClientRetry, GivesTheLastResponseInTheEnd) {
  FailingServer server(100, 503);
  HttpOptions options = quick_options();
  options.retries = 2;
  HttpClient client(options);
  const HttpAnswer answer = client.fetch(local_request(server.url()));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().status, 503);
  EXPECT_EQ(answer.cost.requests, 3);
  EXPECT_EQ(server.requests(), 3);
}

TEST(HttpClientRetry, ARequestMaySetItsOwnNumberOfAttempts) {
  FailingServer server(100, 503);
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url());
  request.max_attempts = 1;
  EXPECT_EQ(client.fetch(request).cost.requests, 1);
  request.max_attempts = 6;
  EXPECT_EQ(client.fetch(request).cost.requests, 6);
}

TEST(HttpClientRetry, ObeysRetryAfterInSeconds) {
  FailingServer server(1, 429, {{"Retry-After", "1"}});
  HttpClient client(quick_options());
  const auto begin = std::chrono::steady_clock::now();
  const HttpAnswer answer = client.fetch(local_request(server.url()));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, seconds(1));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().status, 200);
}

std::string http_date(std::time_t time) {
  char text[64];
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

TEST(HttpClientRetry, ObeysRetryAfterAsADate) {
  const std::time_t moment = std::time(nullptr) + 2;
  FailingServer server(1, 503, {{"Retry-After", http_date(moment)}});
  HttpClient client(quick_options());
  const HttpAnswer answer = client.fetch(local_request(server.url()));
  EXPECT_GE(std::time(nullptr), moment);
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().status, 200);
}

TEST(HttpClientRetry, DoesNotWaitLongerThanAllowed) {
  for (const std::string& patience : {std::string("3600"), http_date(std::time(nullptr) + 3600)}) {
    FailingServer server(1, 429, {{"Retry-After", patience}});
    HttpClient client(quick_options());
    const HttpAnswer answer = client.fetch(local_request(server.url()));
    ASSERT_TRUE(answer.response.ok()) << message_of(answer);
    EXPECT_EQ(answer.response.value().status, 429);
    EXPECT_EQ(answer.response.value().headers.at("retry-after"), patience);
    EXPECT_EQ(answer.cost.requests, 1);
  }
}

TEST(HttpClientRetry, WaitingHoldsNobodyElseUp) {
  FailingServer busy(1, 429, {{"Retry-After", "30"}});
  FailingServer free(0, 200);
  HttpOptions options = quick_options();
  options.max_connections = 1;
  HttpClient client(options);
  client.submit(local_request(busy.url()), [](HttpAnswer) { FAIL() << "is cancelled by the end of the test"; });
  while (busy.requests() == 0)
    std::this_thread::sleep_for(milliseconds(1));
  EXPECT_EQ(client.fetch(local_request(free.url())).response.value().body, "good");
}

TEST(HttpClientRetry, LogsLongWaits) {
  FailingServer server(1, 429, {{"Retry-After", "30"}});
  std::mutex mutex;
  std::vector<std::string> lines;  // guarded by mutex
  {
    HttpOptions options = quick_options();
    options.log = [&](LogLevel level, std::string_view text) {
      const std::lock_guard lock(mutex);
      EXPECT_EQ(level, LogLevel::info);
      lines.emplace_back(text);
    };
    HttpClient client(options);
    client.submit(local_request(server.url() + "?api_key=SECRET"), [](HttpAnswer) {});
    for (bool logged = false; !logged;) {
      std::this_thread::sleep_for(milliseconds(1));
      const std::lock_guard lock(mutex);
      logged = !lines.empty();
    }
  }
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("127.0.0.1:"), HasSubstr("answered 429"), HasSubstr("waiting 30.0 s"),
                              HasSubstr("attempt 2 of 4"), Not(HasSubstr("SECRET"))));
}

TEST(HttpClientRetry, TriesBrokenConnectionsAgain) {
  std::atomic<int> requests{0};
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    switch (requests++) {
      case 0: return connection.reset();
      case 1: return;  // closed without an answer
      case 2: (void)connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc"); return;
      default: (void)connection.send(test::text_response("good")); return;
    }
  });
  HttpClient client(quick_options());
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().body, "good");
  EXPECT_EQ(answer.cost.requests, 4);
  EXPECT_EQ(answer.cost.bytes, 3 + 4);
}

// Counts what goes, and what is taken back.
class CountingGate final : public CallGate {
 public:
  Admission admit() override {
    ++admitted;
    return {.take_back = [this] { ++taken_back; }};
  }
  std::atomic<int> admitted = 0;
  std::atomic<int> taken_back = 0;
};

TEST(HttpClientRetry, WhatNeverReachedTheServiceCostsNothing) {
  HttpOptions options = quick_options();
  options.retries = 2;
  CountingGate gate;
  HttpClient client(options);
  HttpRequest request = local_request("http://127.0.0.1:" + std::to_string(test::unused_port()) + "/");
  request.gate = &gate;
  const HttpAnswer answer = client.fetch(request);
  ASSERT_FALSE(answer.response.ok());
  EXPECT_EQ(answer.response.error().cause, ErrorCause::unreachable);
  EXPECT_EQ(answer.cost.requests, 0);
  EXPECT_EQ(gate.admitted, 3);
  EXPECT_EQ(gate.taken_back, 3);
}

TEST(HttpClientRetry, WhatReachedItCostsAlthoughItFails) {
  RawServer server([](RawConnection& connection) { connection.read_request(); });
  HttpOptions options = quick_options();
  options.retries = 1;
  CountingGate gate;
  HttpClient client(options);
  HttpRequest request = local_request(server.url("/"));
  request.gate = &gate;
  const HttpAnswer answer = client.fetch(request);
  ASSERT_FALSE(answer.response.ok());
  EXPECT_EQ(answer.response.error().cause, ErrorCause::other);
  EXPECT_EQ(answer.cost.requests, 2);
  EXPECT_EQ(gate.taken_back, 0);
}

TEST(HttpClientRetry, AHostThatWasNeverReachedIsGivenUpSoon) {
  HttpOptions options = quick_options();
  options.retries = 1'000;
  options.first_retry_wait = options.max_retry_wait = milliseconds(10'000);
  options.first_contact = milliseconds(1'200);
  HttpClient client(options);
  // The first wait would be up to ten seconds, with which no attempt begins in time.
  EXPECT_FALSE(
      client.fetch(local_request("http://127.0.0.1:" + std::to_string(test::unused_port()) + "/")).response.ok());
}

TEST(HttpClientRetry, ThoseThatWaitForAnUnreachableHostLearnItAtOnce) {
  HttpOptions options = quick_options();
  options.retries = 0;
  options.max_connections = options.max_connections_per_host = 1;
  HttpClient client(options);
  CountingGate gate;
  HttpRequest request = local_request("http://127.0.0.1:" + std::to_string(test::unused_port()) + "/");
  request.gate = &gate;
  std::atomic<int> ended = 0;
  for (int i = 0; i < 20; ++i)
    client.submit(request, [&](const HttpAnswer&) { ++ended; });
  EXPECT_FALSE(client.fetch(request).response.ok());
  while (ended < 20)
    std::this_thread::sleep_for(milliseconds(1));
  EXPECT_LT(gate.admitted, 21);
}

TEST(HttpClientRetry, DoesNotRepeatWhatWasHandedOver) {
  std::atomic<int> requests{0};
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    ++requests;
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
  });
  HttpClient client(quick_options());
  std::string received;
  HttpRequest request = local_request(server.url("/"));
  request.on_data = [&](std::string_view piece) { return received.append(piece), true; };
  const HttpAnswer answer = client.fetch(request);
  ASSERT_FALSE(answer.response.ok());
  EXPECT_EQ(answer.response.error().code, ErrorCode::network);
  EXPECT_EQ(received, "abc");
  EXPECT_EQ(requests, 1);
}

TEST(HttpClientRetry, RepeatsBeforeAnythingWasHandedOver) {
  FailingServer server(2, 503);
  HttpClient client(quick_options());
  std::string received;
  HttpRequest request = local_request(server.url());
  request.on_data = [&](std::string_view piece) { return received.append(piece), true; };
  const HttpAnswer answer = client.fetch(request);
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(received, "good");
}

TEST(HttpClientRetry, TheDestructorDoesNotWaitForRetries) {
  FailingServer server(100, 503, {{"Retry-After", "30"}});
  HttpClient client(quick_options());
  client.submit(local_request(server.url()), [](HttpAnswer) { FAIL(); });
  while (server.requests() == 0)
    std::this_thread::sleep_for(milliseconds(1));
}

}  // namespace
}  // namespace lookalike

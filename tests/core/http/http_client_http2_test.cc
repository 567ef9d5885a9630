// HTTP/2: spoken where it is offered, one connection for all; and what a stream of it may not do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <vector>

#include "core/http/http_client.h"
#include "tests/core/http/tls_fixture.h"
#include "tests/support/http2_server.h"
#include "tests/support/loopback_server.h"

namespace lookalike {
namespace {

using test::Http2Answer;
using test::Http2Server;
using test::local_request;
using test::LoopbackServer;
using test::message_of;
using test::TlsIdentity;
using testing::HasSubstr;

class HttpClientHttp2 : public test::TlsTest {
 protected:
  // All at once; the answers in the order of the paths.
  static std::vector<HttpAnswer> fetch_all(HttpClient& client, const std::vector<HttpRequest>& requests) {
    std::vector<std::promise<HttpAnswer>> promises(requests.size());
    for (size_t i = 0; i < requests.size(); ++i) {
      client.submit(requests[i], [&promises, i](HttpAnswer answer) { promises[i].set_value(std::move(answer)); });
    }
    std::vector<HttpAnswer> answers;
    for (auto& promise : promises)
      answers.push_back(promise.get_future().get());
    return answers;
  }

  const TlsIdentity identity_;
};

// The server answers nobody before ten requests wait on the same connection.
TEST_F(HttpClientHttp2, ManyTransfersShareOneConnection) {
  constexpr int kTogether = 10;
  Http2Server server(identity_, kTogether, [](const std::string& path) { return Http2Answer{.body = "at " + path}; });
  HttpClient client(trusting(identity_));
  for (int round = 0; round < 3; ++round) {
    std::vector<HttpRequest> requests;
    for (int i = 0; i < kTogether; ++i)
      requests.push_back(local_request(server.url("/" + std::to_string(i))));
    const auto answers = fetch_all(client, requests);
    for (int i = 0; i < kTogether; ++i) {
      const HttpAnswer& answer = answers[static_cast<size_t>(i)];
      ASSERT_TRUE(answer.response.ok()) << message_of(answer);
      EXPECT_EQ(answer.response.value().body, "at /" + std::to_string(i));
      EXPECT_EQ(answer.cost.requests, 1);
    }
  }
  EXPECT_EQ(server.requests(), 3 * kTogether);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientHttp2, ALargeBodyArrivesWhole) {
  constexpr size_t kBytes = 5'000'000;
  Http2Server server(identity_, 1,
                     [](const std::string&) { return Http2Answer{.body = "12345", .repeat = kBytes / 5}; });
  HttpClient client(trusting(identity_));
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().body.size(), kBytes);
  EXPECT_TRUE(answer.response.value().body.ends_with("12345"));
}

TEST_F(HttpClientHttp2, ATooLargeBodyEndsOnlyItsOwnStream) {
  Http2Server server(identity_, 3, [](const std::string& path) {
    return Http2Answer{.body = std::string(1000, 'x'), .repeat = path == "/huge" ? 1'000'000u : 100u};
  });
  HttpClient client(trusting(identity_));
  const auto answers = fetch_all(
      client, {local_request(server.url("/a")), local_request(server.url("/huge")), local_request(server.url("/b"))});
  EXPECT_TRUE(answers[0].response.ok()) << message_of(answers[0]);
  EXPECT_TRUE(answers[2].response.ok()) << message_of(answers[2]);
  ASSERT_FALSE(answers[1].response.ok());
  EXPECT_EQ(answers[1].response.error().code, ErrorCode::bad_data);
  EXPECT_THAT(message_of(answers[1]), HasSubstr("larger than"));
  EXPECT_LT(answers[1].cost.bytes, 64 << 20);
}

TEST_F(HttpClientHttp2, ARefusedStreamIsTriedAgain) {
  std::atomic<int> asked = 0;
  Http2Server server(identity_, 1, [&](const std::string&) {
    return ++asked < 3 ? Http2Answer{.refuse_stream = true} : Http2Answer{.body = "at last"};
  });
  HttpClient client(trusting(identity_));
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().body, "at last");
}

// The wait for the first handshake ends there: what cannot be shared is not shared.
TEST_F(HttpClientHttp2, WhereItIsNotOfferedEachTransferHasItsOwnConnection) {
  constexpr int kTogether = 5;
  std::latch all_inside(kTogether);
  std::mutex mutex;
  std::set<int> ports;  // guarded by mutex
  LoopbackServer server(identity_, [&](httplib::Server& routes) {
    routes.Get("/", [&](const httplib::Request& request, httplib::Response& response) {
      {
        const std::lock_guard lock(mutex);
        ports.insert(request.remote_port);
      }
      all_inside.arrive_and_wait();
      response.set_content("HTTP " + request.version, "text/plain");
    });
  });
  HttpClient client(trusting(identity_));
  const auto answers = fetch_all(client, std::vector<HttpRequest>(kTogether, local_request(server.url("/"))));
  for (const HttpAnswer& answer : answers) {
    ASSERT_TRUE(answer.response.ok()) << message_of(answer);
    EXPECT_EQ(answer.response.value().body, "HTTP HTTP/1.1");
  }
  EXPECT_EQ(ports.size(), static_cast<size_t>(kTogether));
}

}  // namespace
}  // namespace lookalike

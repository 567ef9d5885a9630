// The ordinary course of things: answers, headers, compression, order, limits on what runs at once, cancellation.
#include "core/http/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include "tests/core/http/http_fixture.h"
#include "tests/support/loopback_server.h"
#include "tests/support/raw_server.h"

namespace lookalike {
namespace {

using test::local_request;
using test::LoopbackServer;
using test::message_of;
using test::quick_options;
using test::RawConnection;
using test::RawServer;
using testing::HasSubstr;

using Request = httplib::Request;
using Response = httplib::Response;

TEST(HttpClient, FetchesABody) {
  LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/hello", [](const Request& request, Response& response) {
      response.set_header("X-Seen-Agent", request.get_header_value("User-Agent"));
      response.set_header("X-Seen-Accept", request.get_header_value("Accept"));
      response.set_content("hello", "image/jpeg");  // a type that httplib does not compress
    });
  });
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url("/hello?q=a%20b"));
  request.headers = {"Accept: application/json"};
  const HttpAnswer answer = client.fetch(request);
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  const HttpResponse& response = answer.response.value();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.headers.at("content-type"), "image/jpeg");
  EXPECT_EQ(response.headers.at("x-seen-agent"), "lookalike-test");
  EXPECT_EQ(response.headers.at("x-seen-accept"), "application/json");
  EXPECT_EQ(response.effective_url, server.url("/hello?q=a%20b"));
  EXPECT_EQ(answer.cost.requests, 1);
  EXPECT_EQ(answer.cost.bytes, 5);
  EXPECT_FALSE(answer.cost.cached);
}

TEST(HttpClient, SendsAFormByPostAndNothingOfItLater) {
  LoopbackServer server([](httplib::Server& routes) {
    const auto echo = [](const Request& request, Response& response) {
      response.set_content(request.method + " " + request.get_param_value("a") + request.body, "image/jpeg");
    };
    routes.Post("/", echo);
    routes.Get("/", echo);
  });
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url("/"));
  request.form = "a=b%20c";
  EXPECT_EQ(client.fetch(request).response->body, "POST b ca=b%20c");
  request.form = "";
  EXPECT_EQ(client.fetch(request).response->body, "POST ");
  EXPECT_EQ(client.fetch(local_request(server.url("/"))).response->body, "GET ") << "the handle is used again";
}

TEST(HttpClient, UnpacksCompressedBodiesAndCountsWhatWasTransferred) {
  const std::string text = [] {
    std::string lines;
    for (int i = 0; i < 5000; ++i)
      lines += "line " + std::to_string(i * 7919) + "\n";
    return lines;
  }();
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Get("/", [&](const Request&, Response& response) { response.set_content(text, "text/plain"); });
  });
  HttpClient client(quick_options());
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().body, text);
  EXPECT_TRUE(answer.response.value().headers.contains("content-encoding"));
  EXPECT_GT(answer.cost.bytes, 0);
  EXPECT_LT(answer.cost.bytes, static_cast<int64_t>(text.size()) / 2);
}

TEST(HttpClient, AcceptsAnEmptyBody) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  HttpClient client(quick_options());
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().status, 200);
  EXPECT_EQ(answer.response.value().body, "");
  EXPECT_EQ(answer.cost.bytes, 0);
}

TEST(HttpClient, HandsOverPiecesAsTheyArrive) {
  const std::string text(300'000, 'x');
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Get("/", [&](const Request&, Response& response) { response.set_content(text, "image/jpeg"); });
  });
  HttpClient client(quick_options());
  std::string received;
  int pieces = 0;
  HttpRequest request = local_request(server.url("/"));
  request.on_data = [&](std::string_view piece) {
    received += piece;
    return ++pieces > 0;
  };
  const HttpAnswer answer = client.fetch(request);
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(received, text);
  EXPECT_GT(pieces, 1);
  EXPECT_EQ(answer.response.value().body, "");
}

TEST(HttpClient, StopsWhenTheReceiverWantsNoMore) {
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Get("/", [&](const Request&, Response& response) { response.set_content("abc", "text/plain"); });
  });
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url("/"));
  request.on_data = [](std::string_view) { return false; };
  const HttpAnswer answer = client.fetch(request);
  ASSERT_FALSE(answer.response.ok());
  EXPECT_EQ(answer.response.error().code, ErrorCode::interrupted);
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST(HttpClient, RefusesWhatIsNoUrl) {
  HttpClient client(quick_options());
  for (const char* url : {"", "photo.jpg", "http://"}) {
    const HttpAnswer answer = client.fetch(local_request(url));
    ASSERT_FALSE(answer.response.ok()) << url;
    EXPECT_EQ(answer.response.error().code, ErrorCode::usage);
    EXPECT_EQ(answer.cost.requests, 0);
  }
}

TEST(HttpClient, RefusesHeadersWithLineBreaks) {
  HttpClient client(quick_options());
  HttpRequest request = local_request("http://127.0.0.1:1/");
  request.headers = {"A: b\r\nX-Evil: c"};
  const HttpAnswer answer = client.fetch(request);
  ASSERT_FALSE(answer.response.ok());
  EXPECT_EQ(answer.response.error().code, ErrorCode::usage);
}

TEST(HttpClient, ReusesConnections) {
  RawServer server([](RawConnection& connection) {
    while (!connection.read_request().empty())
      connection.send(test::text_response("x"));
  });
  HttpClient client(quick_options());
  for (int i = 0; i < 20; ++i) {
    const HttpAnswer answer = client.fetch(local_request(server.url("/")));
    ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, RunsManyTransfersWithinItsLimit) {
  constexpr int kRequests = 200;
  constexpr int kLimit = 10;
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::mutex mutex;
  std::set<int> client_ports;  // guarded by mutex
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Get(R"(/(\d+))", [&](const Request& request, Response& response) {
      const int running = ++now;
      for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) {
      }
      {
        const std::lock_guard lock(mutex);
        client_ports.insert(request.remote_port);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      response.set_content("body of " + request.matches[1].str(), "text/plain");
      --now;
    });
  });
  HttpOptions options = quick_options();
  options.max_connections = kLimit;
  options.max_connections_per_host = kLimit;
  HttpClient client(options);
  std::latch done(kRequests);
  std::vector<std::string> bodies(kRequests);
  for (int i = 0; i < kRequests; ++i) {
    client.submit(local_request(server.url("/" + std::to_string(i))), [&, i](HttpAnswer answer) {
      bodies[static_cast<size_t>(i)] = answer.response.ok() ? answer.response.value().body : message_of(answer);
      done.count_down();
    });
  }
  done.wait();
  for (int i = 0; i < kRequests; ++i)
    EXPECT_EQ(bodies[static_cast<size_t>(i)], "body of " + std::to_string(i));
  EXPECT_LE(most, kLimit);
  EXPECT_GT(most, 1);
  EXPECT_LE(client_ports.size(), static_cast<size_t>(kLimit));
}

TEST(HttpClient, HoldsTheLimitOfEachHost) {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Get("/", [&](const Request&, Response&) {
      const int running = ++now;
      for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      --now;
    });
  });
  HttpOptions options = quick_options();
  options.max_connections_per_host = 2;
  HttpClient client(options);
  std::latch done(30);
  for (int i = 0; i < 30; ++i) {
    client.submit(local_request(server.url("/")), [&](HttpAnswer answer) {
      EXPECT_TRUE(answer.response.ok()) << message_of(answer);
      done.count_down();
    });
  }
  done.wait();
  EXPECT_LE(most, 2);
}

TEST(HttpClient, StartsInTheOrderOfSubmission) {
  std::mutex mutex;
  std::vector<int> order;  // guarded by mutex
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Get(R"(/(\d+))", [&](const Request& request, Response&) {
      const std::lock_guard lock(mutex);
      order.push_back(std::stoi(request.matches[1].str()));
    });
  });
  HttpOptions options = quick_options();
  options.max_connections = 1;
  HttpClient client(options);
  std::latch done(30);
  for (int i = 0; i < 30; ++i) {
    client.submit(local_request(server.url("/" + std::to_string(i))), [&](HttpAnswer) { done.count_down(); });
  }
  done.wait();
  const std::lock_guard lock(mutex);
  EXPECT_EQ(order.size(), 30u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(HttpClient, AHangingHostHoldsNobodyElseUp) {
  RawServer hanging([](RawConnection& connection) { connection.hang(); });
  LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/", [](const Request&, Response& response) { response.set_content("ok", "text/plain"); });
  });
  HttpOptions options = quick_options();
  options.max_connections = 4;
  options.max_connections_per_host = 2;
  HttpClient client(options);
  for (int i = 0; i < 20; ++i)
    client.submit(local_request(hanging.url("/")), [](HttpAnswer) { FAIL(); });
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  EXPECT_TRUE(answer.response.ok()) << message_of(answer);
}

TEST(HttpClient, ACallbackMaySubmitMore) {
  LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/", [](const Request&, Response& response) { response.set_content("ok", "text/plain"); });
  });
  HttpClient client(quick_options());
  std::promise<int> finished;
  std::function<void(int)> step = [&](int number) {
    client.submit(local_request(server.url("/")), [&, number](HttpAnswer answer) {
      EXPECT_TRUE(answer.response.ok()) << message_of(answer);
      if (number == 50) {
        finished.set_value(number);
      } else {
        step(number + 1);
      }
    });
  };
  step(1);
  EXPECT_EQ(finished.get_future().get(), 50);
}

TEST(HttpClient, TakesSubmissionsFromManyThreads) {
  LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/", [](const Request&, Response& response) { response.set_content("ok", "text/plain"); });
  });
  HttpClient client(quick_options());
  std::atomic<int> good{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 10; ++j)
        good += client.fetch(local_request(server.url("/"))).response.ok();
    });
  }
  threads.clear();
  EXPECT_EQ(good, 80);
}

TEST(HttpClient, WaitsBeforeTheFirstAttemptWhenAsked) {
  LoopbackServer server([](httplib::Server& routes) { routes.Get("/", [](const Request&, Response&) {}); });
  HttpClient client(quick_options());
  HttpRequest late = local_request(server.url("/"));
  late.start_after = std::chrono::milliseconds(150);
  std::vector<std::string> order;  // only the client's thread writes
  std::promise<void> both;
  const auto begin = std::chrono::steady_clock::now();
  client.submit(late, [&](HttpAnswer) {
    order.push_back("late");
    both.set_value();
  });
  client.submit(local_request(server.url("/")), [&](HttpAnswer) { order.push_back("early"); });
  both.get_future().wait();
  EXPECT_THAT(order, testing::ElementsAre("early", "late"));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, late.start_after);
}

TEST(HttpClient, TheDestructorCancelsWhatHangsAndDropsCallbacks) {
  std::latch arrived(3);
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    arrived.count_down();
    connection.hang();
  });
  HttpOptions options = quick_options();
  options.max_connections = 3;
  options.timeout = 10 * test::kHangLimit;
  auto client = std::make_unique<HttpClient>(options);
  std::atomic<int> called{0};
  auto held = std::make_shared<int>(0);  // tells when the callbacks are gone
  HttpRequest later = local_request(server.url("/"));
  later.start_after = 10 * test::kHangLimit;
  client->submit(later, [&called, held](HttpAnswer) { ++called; });
  for (int i = 0; i < 10; ++i) {
    client->submit(local_request(server.url("/")), [&called, held](HttpAnswer) { ++called; });
  }
  arrived.wait();
  const auto begin = std::chrono::steady_clock::now();
  client.reset();
  const auto took = std::chrono::steady_clock::now() - begin;
  RecordProperty("microseconds", std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  EXPECT_LT(took, test::kHangLimit);
  EXPECT_EQ(called, 0);
  EXPECT_EQ(held.use_count(), 1);
}

TEST(HttpClient, TheDestructorDropsWhatWasNeverStarted) {
  auto held = std::make_shared<int>(0);
  for (int i = 0; i < 50; ++i) {
    HttpClient client(quick_options());
    for (int j = 0; j < 5; ++j)
      client.submit(local_request("http://127.0.0.1:1/"), [held](HttpAnswer) {});
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(HttpClient, FetchEndsWhenTheClientIsDestroyed) {
  std::latch arrived(1);
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    arrived.count_down();
    connection.hang();
  });
  auto client = std::make_unique<HttpClient>(quick_options());
  HttpClient& borrowed = *client;
  std::future<HttpAnswer> answer =
      std::async(std::launch::async, [&] { return borrowed.fetch(local_request(server.url("/"))); });
  arrived.wait();
  client.reset();
  const HttpAnswer ended = answer.get();
  ASSERT_FALSE(ended.response.ok());
  EXPECT_EQ(ended.response.error().code, ErrorCode::interrupted);
}

}  // namespace
}  // namespace lookalike

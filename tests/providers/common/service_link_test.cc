#include "providers/common/service_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "tests/providers/common/provider_fixture.h"
#include "tests/support/loopback_server.h"

namespace lookalike {
namespace {

using testing::HasSubstr;
using testing::Not;

class ServiceLinkTest : public testing::Test {
 protected:
  std::shared_ptr<ServiceLink> link(int retries = 1) {
    ServiceLink::Settings settings{.service = "Aperture", .retries = retries, .secrets = {"s&cret"}};
    settings.endpoint.scope = AddressScope::loopback;
    return std::make_shared<ServiceLink>(std::move(settings), http_);
  }
  static HttpRequest request_to(const std::string& url) {
    HttpRequest request;
    request.url = url;
    return request;
  }

  HttpClient http_{test::quick_http(5)};
};

TEST_F(ServiceLinkTest, NoRequestMeansAnAnswerAtOnce) {
  std::optional<PhotoAnswer> answer;
  EXPECT_EQ(ServiceLink::begin(test::query_for("x", 1, 30, 0), [&](PhotoAnswer got) { answer = std::move(got); }),
            nullptr);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->page.error().code, ErrorCode::quota);
}

TEST_F(ServiceLinkTest, CostsAddUpAndRetriesKeepWithinTheCall) {
  test::LoopbackServer server([](httplib::Server& routes) {
    routes.Get("/", [](const httplib::Request&, httplib::Response& response) { response.status = 500; });
  });
  std::promise<PhotoAnswer> promise;
  const auto service = link(9);
  const auto call =
      ServiceLink::begin(test::query_for("x", 1, 30, 3), [&](PhotoAnswer got) { promise.set_value(std::move(got)); });
  service->send(call, request_to(server.url("/")), [&](const ServiceCallPtr& same, const HttpResponse& response) {
    service->finish(same, service->status_error(response, ""));
  });
  const PhotoAnswer answer = promise.get_future().get();
  EXPECT_EQ(answer.cost.requests, 3);
  EXPECT_EQ(answer.page.error().code, ErrorCode::network);
}

TEST_F(ServiceLinkTest, WithNoRequestLeftNoneIsSentRatherThanTheDefaultNumber) {
  std::atomic<int> requests = 0;
  test::LoopbackServer server([&](httplib::Server& routes) {
    routes.Get("/", [&](const httplib::Request&, httplib::Response& response) {
      ++requests;
      response.status = 500;
    });
  });
  std::promise<PhotoAnswer> promise;
  const auto service = link(9);
  const auto call =
      ServiceLink::begin(test::query_for("x", 1, 30, 3), [&](PhotoAnswer got) { promise.set_value(std::move(got)); });
  service->send_any(
      call, request_to(server.url("/")),
      [&](const ServiceCallPtr& same, const Result<HttpResponse>&) {
        EXPECT_EQ(same->requests_left(), 1) << "one is kept back";
        service->send(same, request_to(server.url("/")), [&](const ServiceCallPtr& again, const HttpResponse&) {
          service->send(again, request_to(server.url("/")),
                        [](const ServiceCallPtr&, const HttpResponse&) { FAIL() << "nothing was left"; });
        });
      },
      1);
  const PhotoAnswer answer = promise.get_future().get();
  EXPECT_EQ(answer.page.error().code, ErrorCode::usage);
  EXPECT_EQ(answer.cost.requests, 3);
  EXPECT_EQ(requests, 3);
}

TEST_F(ServiceLinkTest, WhyAnErrorCameIsKept) {
  std::optional<PhotoAnswer> answer;
  const auto call = ServiceLink::begin(test::query_for("x"), [&](PhotoAnswer got) { answer = std::move(got); });
  link()->finish(call, Error{ErrorCode::quota, "wait", ErrorCause::rate});
  EXPECT_EQ(answer->page.error().cause, ErrorCause::rate);
}

TEST_F(ServiceLinkTest, SecretsAreMaskedInErrorsAlsoEncoded) {
  const auto service = link();
  std::optional<PhotoAnswer> answer;
  const auto call = ServiceLink::begin(test::query_for("x"), [&](PhotoAnswer got) { answer = std::move(got); });
  service->add_secret("token");
  service->finish(call, Error{ErrorCode::bad_data, "a s&cret, s%26cret and token"});
  EXPECT_EQ(answer->page.error().message, "a ***, *** and ***");
}

TEST_F(ServiceLinkTest, AnUnreachableServiceEndsTheCall) {
  std::promise<PhotoAnswer> promise;
  const auto service = link(0);
  const auto call =
      ServiceLink::begin(test::query_for("x"), [&](PhotoAnswer got) { promise.set_value(std::move(got)); });
  service->send(call, request_to("http://127.0.0.1:1/?key=s%26cret"),
                [](const ServiceCallPtr&, const HttpResponse&) { FAIL() << "nobody is there"; });
  const PhotoAnswer answer = promise.get_future().get();
  EXPECT_EQ(answer.page.error().code, ErrorCode::network);
  EXPECT_THAT(answer.page.error().message, Not(HasSubstr("cret")));
}

TEST_F(ServiceLinkTest, MapsStatuses) {
  const auto service = link();
  const auto code_of = [&](long status) {
    HttpResponse response;
    response.status = status;
    return service->status_error(response, "do that").code;
  };
  EXPECT_EQ(code_of(401), ErrorCode::auth);
  EXPECT_EQ(code_of(403), ErrorCode::auth);
  EXPECT_EQ(code_of(404), ErrorCode::bad_data);
  EXPECT_EQ(code_of(414), ErrorCode::usage);
  EXPECT_EQ(code_of(429), ErrorCode::quota);
  EXPECT_EQ(code_of(503), ErrorCode::network);
}

TEST(CallbackGate, LetsNobodyInOnceClosed) {
  CallbackGate gate;
  EXPECT_TRUE(static_cast<bool>(CallbackGate::Pass(gate)));
  gate.close();
  EXPECT_FALSE(static_cast<bool>(CallbackGate::Pass(gate)));
}

TEST(CallbackGate, CloseWaitsForThoseInside) {
  CallbackGate gate;
  std::atomic<bool> entered = false;
  std::atomic<bool> left = false;
  std::thread callback([&] {
    const CallbackGate::Pass pass(gate);
    entered = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    left = true;
  });
  while (!entered)
    std::this_thread::yield();
  gate.close();
  EXPECT_TRUE(left);
  callback.join();
}

TEST(CallbackGate, NoCallbackRunsAfterCloseUnderContention) {
  CallbackGate gate;
  std::atomic<bool> closed = false;
  std::atomic<int> late = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 2000; ++n) {
        const CallbackGate::Pass pass(gate);
        if (pass && closed) ++late;
      }
    });
  }
  gate.close();
  closed = true;
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(late, 0);
}

}  // namespace
}  // namespace lookalike

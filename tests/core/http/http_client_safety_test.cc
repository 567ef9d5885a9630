// Redirects, private addresses, pooled connections, proxies: what must never be sent where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "core/http/http_client.h"
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
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Request = httplib::Request;
using Response = httplib::Response;

// A name that DNS knows nothing of, led to `address` by the client's options.
constexpr const char* kName = "photos.example";

HttpOptions options_with_name(int port, const std::string& address) {
  HttpOptions options = quick_options();
  options.resolve = {std::string(kName) + ":" + std::to_string(port) + ":" + address};
  return options;
}

HttpRequest named_request(int port, AddressScope scope) {
  HttpRequest request;
  request.url = std::string("http://") + kName + ":" + std::to_string(port) + "/secret?api_key=SECRET";
  request.scope = scope;
  request.allow_plain_http = true;
  return request;
}

void expect_refused(const HttpAnswer& answer, const testing::Matcher<std::string>& message) {
  ASSERT_FALSE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.error().code, ErrorCode::network);
  EXPECT_THAT(answer.response.error().message, AllOf(message, Not(HasSubstr("SECRET"))));
  EXPECT_LE(answer.cost.requests, 1) << "a refusal is not tried again";
}

// Counts what arrives; nothing should.
class Witness {
 public:
  Witness() : server_([this](RawConnection& connection) { serve(connection); }) {}
  int port() const { return server_.port(); }
  std::string url(const std::string& path) const { return server_.url(path); }
  int connections() const { return server_.connections(); }
  int requests() const { return requests_; }

 private:
  void serve(RawConnection& connection) {
    while (!connection.read_request().empty()) {
      ++requests_;
      connection.send(test::text_response("private"));
    }
  }
  std::atomic<int> requests_{0};
  RawServer server_;
};

TEST(HttpClientSafety, RefusesLoopbackInTheInternetScope) {
  Witness witness;
  HttpClient client(quick_options());
  HttpRequest request = local_request(witness.url("/"));
  request.scope = AddressScope::internet;
  expect_refused(client.fetch(request), HasSubstr("refused to connect to 127.0.0.1: a loopback address"));
  EXPECT_EQ(witness.connections(), 0);
}

TEST(HttpClientSafety, RefusesNamesThatLeadToLoopback) {
  Witness witness;
  HttpClient client(options_with_name(witness.port(), "127.0.0.1"));
  expect_refused(client.fetch(named_request(witness.port(), AddressScope::internet)),
                 AllOf(HasSubstr("refused to connect to 127.0.0.1: a loopback address"), HasSubstr(kName)));
  EXPECT_EQ(witness.connections(), 0);
  EXPECT_TRUE(client.fetch(named_request(witness.port(), AddressScope::loopback)).response.ok());
}

TEST(HttpClientSafety, RefusesNamesThatLeadToPrivateNetworks) {
  for (const std::string address : {"169.254.169.254", "10.0.0.1", "192.168.0.1", "100.64.0.1", "0.0.0.0"}) {
    HttpClient client(options_with_name(80, address));
    for (const AddressScope scope : {AddressScope::internet, AddressScope::loopback}) {
      expect_refused(client.fetch(named_request(80, scope)),
                     HasSubstr("refused to connect to " + address + ": an address inside a private network"));
    }
  }
}

TEST(HttpClientSafety, RefusesIpv6SpellingsOfPrivateAddresses) {
  for (const char* host : {"[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[fd00::1]", "[::]", "0x0a000001",
                           "[::ffff:a9fe:a9fe]", "0xa9.0xfe.0xa9.0xfe"}) {
    HttpClient client(quick_options());
    HttpRequest request = local_request(std::string("http://") + host + "/");
    request.allow_plain_http = true;
    expect_refused(client.fetch(request), HasSubstr("an address inside a private network"));
  }
}

TEST(HttpClientSafety, OfSeveralAddressesOnlyTheAllowedOnesAreTried) {
  Witness witness;
  HttpClient client(options_with_name(witness.port(), "10.0.0.1,127.0.0.1,169.254.169.254"));
  const HttpAnswer answer = client.fetch(named_request(witness.port(), AddressScope::loopback));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(witness.connections(), 1);
  expect_refused(client.fetch(named_request(witness.port(), AddressScope::internet)), HasSubstr("refused to connect"));
  EXPECT_EQ(witness.requests(), 1);
}

TEST(HttpClientSafety, AnAllowedAddressThatFailsIsNotCalledARefusal) {
  const int port = test::unused_port();
  HttpOptions options = options_with_name(port, "10.0.0.1,127.0.0.1");
  options.retries = 0;
  HttpClient client(options);
  EXPECT_THAT(message_of(client.fetch(named_request(port, AddressScope::loopback))), HasSubstr("could not connect"));
}

TEST(HttpClientSafety, APooledConnectionDoesNotWidenTheScope) {
  Witness witness;
  HttpClient client(options_with_name(witness.port(), "127.0.0.1"));
  ASSERT_TRUE(client.fetch(named_request(witness.port(), AddressScope::any)).response.ok());
  ASSERT_TRUE(client.fetch(named_request(witness.port(), AddressScope::loopback)).response.ok());
  ASSERT_EQ(witness.connections(), 1);
  ASSERT_EQ(witness.requests(), 2);
  expect_refused(client.fetch(named_request(witness.port(), AddressScope::internet)),
                 HasSubstr("refused to connect to 127.0.0.1: a loopback address"));
  EXPECT_EQ(witness.requests(), 2) << "the request went over a connection that it must not use";
  EXPECT_TRUE(client.fetch(named_request(witness.port(), AddressScope::loopback)).response.ok());
}

TEST(HttpClientSafety, RefusesPlainHttpToOtherHosts) {
  HttpClient client(options_with_name(80, "127.0.0.1"));
  HttpRequest request = named_request(80, AddressScope::loopback);
  request.allow_plain_http = false;
  expect_refused(client.fetch(request), HasSubstr("refused plain http to photos.example:80"));
}

TEST(HttpClientSafety, PlainHttpToALoopbackNameStaysOnThisMachine) {
  HttpOptions options = quick_options();
  options.resolve = {"api.localhost:80:8.8.8.8"};
  HttpClient client(options);
  const HttpAnswer answer = client.fetch(local_request("http://api.localhost/"));
  // Some versions of libcurl lead *.localhost to loopback without looking further; then nobody listens there.
  ASSERT_FALSE(answer.response.ok());
  EXPECT_THAT(message_of(answer), testing::AnyOf(HasSubstr("refused to connect to 8.8.8.8"),
                                                 HasSubstr("could not connect to api.localhost:80")));
}

TEST(HttpClientSafety, RefusesOtherSchemes) {
  HttpClient client(quick_options());
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:1/_x", "dict://127.0.0.1/"}) {
    expect_refused(client.fetch(local_request(url)), HasSubstr("only http and https"));
  }
}

class Redirects : public testing::Test {
 protected:
  // GET /to?URL leads to URL.
  Redirects()
      : server_([this](httplib::Server& routes) {
          routes.Get("/to", [](const Request& request, Response& response) {
            response.status = 302;
            response.set_header("Location", request.get_param_value("url"));
          });
          routes.Get("/loop", [this](const Request&, Response& response) {
            ++loops_;
            response.set_redirect("/loop");
          });
          routes.Get(R"(/count/(\d+))", [](const Request& request, Response& response) {
            const int left = std::stoi(request.matches[1].str());
            if (left > 0) return response.set_redirect("/count/" + std::to_string(left - 1));
            response.set_content("arrived", "text/plain");
          });
          routes.Get("/echo", [](const Request& request, Response& response) {
            response.set_content(request.get_header_value("Authorization") + "|" + request.get_header_value("X-Note"),
                                 "text/plain");
          });
        }) {}

  HttpAnswer follow(const std::string& target) {
    return client_.fetch(local_request(server_.url("/to?url=" + target)));
  }

  std::atomic<int> loops_{0};
  LoopbackServer server_;
  HttpClient client_{quick_options()};  // ends before the server
};

TEST_F(Redirects, AreFollowed) {
  const HttpAnswer answer = client_.fetch(local_request(server_.url("/count/5")));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().body, "arrived");
  EXPECT_EQ(answer.response.value().effective_url, server_.url("/count/0"));
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST_F(Redirects, EndAfterFive) {
  expect_refused(client_.fetch(local_request(server_.url("/count/6"))), HasSubstr("too many redirects"));
  expect_refused(client_.fetch(local_request(server_.url("/loop?key=SECRET"))), HasSubstr("too many redirects"));
  EXPECT_EQ(loops_, 6);
}

TEST_F(Redirects, ToOtherSchemesAreRefused) {
  for (const char* target : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:6379/_x"}) {
    expect_refused(follow(target), HasSubstr("only http and https"));
  }
}

TEST_F(Redirects, ToPrivateAddressesAreRefused) {
  expect_refused(follow("http://169.254.169.254/latest/meta-data/"),
                 AllOf(HasSubstr("redirects elsewhere"),
                       HasSubstr("refused to connect to 169.254.169.254: an address inside a private network")));
  expect_refused(follow("http://[::ffff:10.0.0.1]/"), HasSubstr("an address inside a private network"));
}

TEST_F(Redirects, ToPlainHttpElsewhereAreRefused) {
  expect_refused(follow("http://photos.example/"), HasSubstr("refused plain http to photos.example:80"));
}

TEST_F(Redirects, ToNonsenseAreRefused) {
  expect_refused(follow("http://[/"), HasSubstr("redirect"));
}

TEST_F(Redirects, WithoutALocationAreResponses) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nhm");
  });
  const HttpAnswer answer = client_.fetch(local_request(server.url("/")));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().status, 302);
}

TEST_F(Redirects, KeepCredentialsAtTheirOrigin) {
  const auto echoed = [&](const std::string& target) {
    HttpRequest request = local_request(server_.url("/to?url=" + target));
    request.headers = {"Authorization: Bearer SECRET", "X-Note: hello"};
    const HttpAnswer answer = client_.fetch(request);
    return answer.response.ok() ? answer.response.value().body : message_of(answer);
  };
  EXPECT_EQ(echoed("/echo"), "Bearer SECRET|hello");
  LoopbackServer other([](httplib::Server& routes) {
    routes.Get("/echo", [](const Request& request, Response& response) {
      response.set_content(request.get_header_value("Authorization") + "|" + request.get_header_value("X-Note"),
                           "text/plain");
    });
  });
  EXPECT_EQ(echoed(other.url("/echo")), "|hello");
}

TEST_F(Redirects, ShareTheTimeOfTheirAttempt) {
  RawServer slow([this](RawConnection& connection) {
    while (!connection.read_request().empty() && connection.pause(std::chrono::milliseconds(200))) {
      connection.send("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n");
    }
  });
  HttpClient client(test::patient_options(0, std::chrono::milliseconds(500)));
  const HttpAnswer answer = client.fetch(local_request(slow.url("/")));
  ASSERT_FALSE(answer.response.ok());
  EXPECT_THAT(message_of(answer), HasSubstr("time-out"));
}

// A proxy that answers every request itself and notes what it was asked for.
class Proxy {
 public:
  Proxy() : server_([this](RawConnection& connection) { serve(connection); }) {}
  std::string url() const { return server_.url(""); }
  std::string first_line() {
    const std::lock_guard lock(mutex_);
    return first_line_;
  }

 private:
  void serve(RawConnection& connection) {
    for (std::string head = connection.read_request(); !head.empty(); head = connection.read_request()) {
      {
        const std::lock_guard lock(mutex_);
        first_line_ = head.substr(0, head.find("\r\n"));
      }
      connection.send(head.starts_with("CONNECT") ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                                  : test::text_response("by proxy"));
    }
  }
  std::mutex mutex_;
  std::string first_line_;  // guarded by mutex_
  RawServer server_;
};

TEST(HttpClientProxy, IsExemptFromTheAddressRule) {
  Proxy proxy;
  HttpOptions options = quick_options();
  options.proxy = proxy.url();
  HttpClient client(options);
  const HttpAnswer answer = client.fetch(named_request(80, AddressScope::internet));
  ASSERT_TRUE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.value().body, "by proxy");
  EXPECT_THAT(proxy.first_line(), HasSubstr("GET http://photos.example/secret"));
}

TEST(HttpClientProxy, DoesNotOpenLiteralPrivateAddresses) {
  Proxy proxy;
  HttpOptions options = quick_options();
  options.proxy = proxy.url();
  HttpClient client(options);
  HttpRequest request = named_request(80, AddressScope::internet);
  for (const char* url : {"http://169.254.169.254/", "http://127.0.0.1/", "http://localhost/", "http://[fe80::1]/"}) {
    request.url = url;
    expect_refused(client.fetch(request), HasSubstr("refused to connect"));
  }
  EXPECT_EQ(proxy.first_line(), "");
}

TEST(HttpClientProxy, SaysWhenItRefuses) {
  Proxy proxy;
  HttpOptions options = quick_options();
  options.proxy = proxy.url();
  HttpClient client(options);
  HttpRequest request;
  request.url = "https://photos.example/";
  expect_refused(client.fetch(request), AllOf(HasSubstr("the proxy"), HasSubstr("403")));
  EXPECT_EQ(proxy.first_line(), "CONNECT photos.example:443 HTTP/1.1");
}

TEST(HttpClientProxy, IsNamedWithoutItsPassword) {
  HttpOptions options = quick_options();
  options.retries = 0;
  options.proxy = "http://me:SECRET@127.0.0.1:" + std::to_string(test::unused_port());
  HttpClient client(options);
  expect_refused(client.fetch(named_request(80, AddressScope::internet)),
                 AllOf(HasSubstr("could not connect to photos.example:80 through the proxy http://***@127.0.0.1")));
}

TEST(HttpClientSafety, AFormFollowsNoRedirect) {
  Witness witness;
  LoopbackServer server([&](httplib::Server& routes) {
    routes.Post("/", [&](const Request&, Response& response) { response.set_redirect(witness.url("/"), 307); });
  });
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url("/"));
  request.form = "client_secret=SECRET";
  expect_refused(client.fetch(request), HasSubstr("not followed"));
  EXPECT_EQ(witness.requests(), 0);
}

}  // namespace
}  // namespace lookalike

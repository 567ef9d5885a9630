// TLS: what is verified, and what is never downgraded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/net/http_client.h"
#include "tests/core/net/http_fixture.h"
#include "tests/support/loopback_server.h"

namespace lookalike {
namespace {

using test::local_request;
using test::LoopbackServer;
using test::message_of;
using test::quick_options;
using test::TlsIdentity;
using testing::AllOf;
using testing::HasSubstr;

using Request = httplib::Request;
using Response = httplib::Response;

void hello(httplib::Server& routes) {
  routes.Get("/", [](const Request&, Response& response) { response.set_content("hello", "text/plain"); });
  routes.Get("/down", [](const Request&, Response& response) { response.set_redirect("http://127.0.0.1:1/"); });
}

class HttpClientTls : public testing::Test {
 protected:
  HttpClientTls()
      : file_(std::filesystem::temp_directory_path() / ("lookalike_ca_" + std::to_string(getpid()) + ".pem")) {}
  ~HttpClientTls() override { std::filesystem::remove(file_); }

  HttpOptions trusting(const TlsIdentity& identity) {
    std::ofstream(file_) << identity.certificate_pem();
    HttpOptions options = quick_options();
    options.ca_file = file_.string();
    return options;
  }

  std::filesystem::path file_;
};

TEST_F(HttpClientTls, FetchesFromATrustedHost) {
  const TlsIdentity identity;
  LoopbackServer server(identity, hello);
  HttpClient client(trusting(identity));
  for (int i = 0; i < 3; ++i) {
    const HttpAnswer answer = client.fetch(local_request(server.url("/")));
    ASSERT_TRUE(answer.response.ok()) << message_of(answer);
    EXPECT_EQ(answer.response.value().body, "hello");
  }
}

TEST_F(HttpClientTls, RefusesAnUnknownCertificateWithoutTryingAgain) {
  const TlsIdentity identity;
  LoopbackServer server(identity, hello);
  HttpClient client(quick_options());
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  ASSERT_FALSE(answer.response.ok());
  EXPECT_EQ(answer.response.error().code, ErrorCode::network);
  EXPECT_THAT(message_of(answer), AllOf(HasSubstr("TLS certificate of 127.0.0.1"), HasSubstr("could not be verified")));
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST_F(HttpClientTls, RefusesACertificateOfAnotherHost) {
  const TlsIdentity identity("DNS:other.example");
  LoopbackServer server(identity, hello);
  HttpClient client(trusting(identity));
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  ASSERT_FALSE(answer.response.ok());
  EXPECT_THAT(message_of(answer), HasSubstr("could not be verified"));
}

TEST_F(HttpClientTls, RefusesTheWayDownToPlainHttp) {
  const TlsIdentity identity;
  LoopbackServer server(identity, hello);
  HttpClient client(trusting(identity));
  HttpRequest request = local_request(server.url("/down"));
  request.allow_plain_http = true;
  const HttpAnswer answer = client.fetch(request);
  ASSERT_FALSE(answer.response.ok());
  EXPECT_THAT(message_of(answer), HasSubstr("from https to plain http"));
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST_F(HttpClientTls, SaysWhenItsCertificatesAreMissing) {
  const TlsIdentity identity;
  LoopbackServer server(identity, hello);
  HttpOptions options = quick_options();
  options.ca_file = file_.string() + ".missing";
  HttpClient client(options);
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  ASSERT_FALSE(answer.response.ok());
  EXPECT_THAT(message_of(answer), HasSubstr("certificates"));
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST_F(HttpClientTls, SaysWhenTheHostSpeaksNoTls) {
  LoopbackServer server(hello);
  HttpOptions options = quick_options();
  options.retries = 0;
  HttpClient client(options);
  const HttpAnswer answer = client.fetch(local_request("https://127.0.0.1:" + std::to_string(server.port()) + "/"));
  ASSERT_FALSE(answer.response.ok());
  EXPECT_THAT(message_of(answer), HasSubstr("no TLS connection to 127.0.0.1"));
}

}  // namespace
}  // namespace lookalike

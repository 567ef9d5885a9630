// TLS: what is verified, and what is never downgraded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>

#include "core/http/http_client.h"
#include "tests/core/http/tls_fixture.h"
#include "tests/support/loopback_server.h"

namespace lookalike {
namespace {

using test::local_request;
using test::LoopbackServer;
using test::message_of;
using test::quick_options;
using test::TlsIdentity;
using test::TlsVersions;
using testing::AllOf;
using testing::HasSubstr;

using Request = httplib::Request;
using Response = httplib::Response;

void hello(httplib::Server& routes) {
  routes.Get("/", [](const Request&, Response& response) { response.set_content("hello", "text/plain"); });
  routes.Get("/down", [](const Request&, Response& response) { response.set_redirect("http://127.0.0.1:1/"); });
}

class HttpClientTls : public test::TlsTest {};

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
  EXPECT_EQ(answer.cost.requests, 0) << "nothing was sent";
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
  options.ca_file = (folder_ / "missing.pem").string();
  HttpClient client(options);
  const HttpAnswer answer = client.fetch(local_request(server.url("/")));
  ASSERT_FALSE(answer.response.ok());
  EXPECT_THAT(message_of(answer), HasSubstr("certificates"));
  EXPECT_EQ(answer.cost.requests, 0) << "nothing was sent";
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

// The highest version that a client without any lower bound reaches at the server; 0: none.
int negotiated_version(int port) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
  SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0");
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> connection(BIO_new_ssl_connect(context.get()), &BIO_free_all);
  BIO_set_conn_hostname(connection.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
  SSL* ssl = nullptr;
  BIO_get_ssl(connection.get(), &ssl);
  return BIO_do_handshake(connection.get()) == 1 ? SSL_version(ssl) : 0;
}

TEST_F(HttpClientTls, RefusesWhatIsOlderThanTls12) {
  const TlsIdentity identity;
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    LoopbackServer server(identity, TlsVersions{version, version}, hello);
    ASSERT_EQ(negotiated_version(server.port()), version);  // else the server is at fault
    HttpClient client(trusting(identity));
    HttpRequest request = local_request(server.url("/"));
    request.max_attempts = 1;
    const HttpAnswer answer = client.fetch(request);
    ASSERT_FALSE(answer.response.ok());
    EXPECT_EQ(answer.response.error().code, ErrorCode::network);
    EXPECT_THAT(message_of(answer), HasSubstr("no TLS connection to 127.0.0.1"));
  }
}

TEST_F(HttpClientTls, AcceptsTls12And13) {
  const TlsIdentity identity;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    LoopbackServer server(identity, TlsVersions{version, version}, hello);
    ASSERT_EQ(negotiated_version(server.port()), version);
    HttpClient client(trusting(identity));
    const HttpAnswer answer = client.fetch(local_request(server.url("/")));
    EXPECT_TRUE(answer.response.ok()) << message_of(answer);
  }
}

}  // namespace
}  // namespace lookalike

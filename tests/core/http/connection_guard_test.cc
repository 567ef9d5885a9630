#include "core/http/connection_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Url url(const std::string& text) {
  return *parse_url(text);
}

HttpRequest with_scope(AddressScope scope, bool allow_plain_http = true) {
  HttpRequest request;
  request.scope = scope;
  request.allow_plain_http = allow_plain_http;
  return request;
}

TEST(ConnectionGuard, RefusesOtherSchemes) {
  for (const char* text : {"ftp://h/", "gopher://h/", "file:///etc/passwd", "dict://h/", "smb://h/x"}) {
    const Status status = may_request(url(text), with_scope(AddressScope::any));
    ASSERT_FALSE(status.ok()) << text;
    EXPECT_THAT(status.error().message, HasSubstr("only http and https"));
  }
}

TEST(ConnectionGuard, RefusesPlainHttpBeyondThisMachine) {
  const HttpRequest strict = with_scope(AddressScope::loopback, false);
  EXPECT_TRUE(may_request(url("https://h.example/"), strict).ok());
  EXPECT_TRUE(may_request(url("http://127.0.0.1:99/"), strict).ok());
  EXPECT_TRUE(may_request(url("http://localhost/"), strict).ok());
  EXPECT_FALSE(may_request(url("http://h.example/"), strict).ok());
  EXPECT_TRUE(may_request(url("http://h.example/"), with_scope(AddressScope::internet)).ok());
}

TEST(ConnectionGuard, RefusesLiteralsOutsideTheScope) {
  const Status metadata = may_request(url("http://169.254.169.254/"), with_scope(AddressScope::internet));
  ASSERT_FALSE(metadata.ok());
  EXPECT_EQ(metadata.error().message, "refused to connect to 169.254.169.254: an address inside a private network");
  for (const char* text : {"https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://x.localhost/"}) {
    EXPECT_FALSE(may_request(url(text), with_scope(AddressScope::internet)).ok()) << text;
    EXPECT_TRUE(may_request(url(text), with_scope(AddressScope::loopback)).ok()) << text;
  }
  EXPECT_FALSE(may_request(url("https://[fe80::1%25eth0]/"), with_scope(AddressScope::loopback)).ok());
  EXPECT_TRUE(may_request(url("https://192.168.1.1/"), with_scope(AddressScope::any)).ok());
}

TEST(ConnectionGuard, RefusesTheWayBackToPlainHttp) {
  const HttpRequest request = with_scope(AddressScope::any);
  EXPECT_TRUE(may_follow(url("http://a/"), url("https://b/"), request).ok());
  EXPECT_TRUE(may_follow(url("http://a/"), url("http://b/"), request).ok());
  const Status back = may_follow(url("https://a/"), url("http://b/"), request);
  ASSERT_FALSE(back.ok());
  EXPECT_THAT(back.error().message, HasSubstr("from https to plain http"));
}

TEST(ConnectionGuard, KeepsCredentialsAtTheirOrigin) {
  const std::vector<std::string> headers{"Accept: */*",  "Authorization: Bearer x", "Cookie: a=b",
                                         "X-Api-Key: k", "X-Auth-Token: t",         "Accept-Language: de"};
  EXPECT_EQ(headers_for_redirect(headers, url("https://a/1"), url("https://a:443/2")), headers);
  for (const char* other : {"https://b/", "https://a:444/", "http://a/", "https://sub.a/"}) {
    EXPECT_THAT(headers_for_redirect(headers, url("https://a/"), url(other)),
                ElementsAre("Accept: */*", "Accept-Language: de"));
  }
}

TEST(ConnectionGuard, RefusesLineBreaksInHeaders) {
  EXPECT_TRUE(check_headers({"A: b"}).ok());
  EXPECT_FALSE(check_headers({"A: b\r\nHost: evil"}).ok());
  EXPECT_FALSE(check_headers({"A: b\n"}).ok());
  EXPECT_FALSE(check_headers({std::string("A: b\0c", 6)}).ok());
}

}  // namespace
}  // namespace lookalike

#include "providers/common/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

constexpr const char* kOwn = "https://api.example.org/rest/";

AddressScope scope_of(const char* given) {
  const Result<Endpoint> endpoint = make_endpoint(given, kOwn);
  EXPECT_TRUE(endpoint.ok()) << given;
  return endpoint.ok() ? endpoint->scope : AddressScope::internet;
}

TEST(Endpoint, IsTheServicesOwnWhenNoneIsGiven) {
  const Result<Endpoint> endpoint = make_endpoint("", kOwn);
  ASSERT_TRUE(endpoint.ok());
  EXPECT_EQ(endpoint->url, kOwn);
  EXPECT_EQ(endpoint->scope, AddressScope::internet);
}

TEST(Endpoint, OpensOnlyWhatItsOwnAddressNeeds) {
  EXPECT_EQ(scope_of("http://127.0.0.1:8080/x"), AddressScope::loopback);
  EXPECT_EQ(scope_of("http://localhost:1/"), AddressScope::loopback);
  EXPECT_EQ(scope_of("https://[::1]/"), AddressScope::loopback);
  EXPECT_EQ(scope_of("https://192.168.1.5/"), AddressScope::any);
  EXPECT_EQ(scope_of("https://[fd00::1]/"), AddressScope::any);
  EXPECT_EQ(scope_of("https://photos.lan/"), AddressScope::any);
  EXPECT_EQ(scope_of("https://photobox/"), AddressScope::any);
  EXPECT_EQ(scope_of("https://example.com/"), AddressScope::internet);
  EXPECT_EQ(scope_of("https://8.8.8.8/"), AddressScope::internet);
}

TEST(Endpoint, RefusesToSendAKeyInTheClear) {
  for (const char* given : {"http://example.com/", "http://192.168.1.5/", "http://127.0.0.1.example.com/"}) {
    const Result<Endpoint> endpoint = make_endpoint(given, kOwn);
    ASSERT_FALSE(endpoint.ok()) << given;
    EXPECT_EQ(endpoint.error().code, ErrorCode::usage);
    EXPECT_THAT(endpoint.error().message, testing::HasSubstr("https"));
  }
}

TEST(Endpoint, RefusesWhatIsNoHttpUrl) {
  for (const char* given : {"ftp://127.0.0.1/", "file:///etc/passwd", "not a url", "https://"}) {
    const Result<Endpoint> endpoint = make_endpoint(given, kOwn);
    ASSERT_FALSE(endpoint.ok()) << given;
    EXPECT_EQ(endpoint.error().code, ErrorCode::usage) << given;
  }
}

}  // namespace
}  // namespace lookalike

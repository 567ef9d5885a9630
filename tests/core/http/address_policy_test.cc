#include "core/http/address_policy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

namespace lookalike {
namespace {

AddressKind kind_of(const std::string& text) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    return classify_address(reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
  return classify_address(reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
}

TEST(AddressPolicy, LetsPublicAddressesPass) {
  for (const char* text : {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",
                           "11.0.0.0",        "100.63.255.255",  "100.128.0.0",
                           "126.255.255.255", "128.0.0.0",       "169.253.255.255",
                           "172.15.255.255",  "172.32.0.0",      "192.167.255.255",
                           "192.169.0.0",     "198.17.255.255",  "198.20.0.0",
                           "223.255.255.255", "2606:4700::1111", "2001:4860:4860::8888",
                           "2a00::1",         "2001:200::1"}) {
    EXPECT_EQ(kind_of(text), AddressKind::internet) << text;
  }
}

TEST(AddressPolicy, KnowsLoopback) {
  for (const char* text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(kind_of(text), AddressKind::loopback) << text;
  }
}

TEST(AddressPolicy, KnowsPrivateIpv4) {
  for (const char* text :
       {"0.0.0.0",     "0.1.2.3",         "10.0.0.0",   "10.255.255.255", "100.64.0.0",   "100.127.255.255",
        "169.254.0.1", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1",    "192.0.2.1",
        "192.168.0.0", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9",
        "224.0.0.1",   "239.255.255.255", "240.0.0.1",  "255.255.255.255"}) {
    EXPECT_EQ(kind_of(text), AddressKind::private_network) << text;
  }
}

TEST(AddressPolicy, KnowsPrivateIpv6) {
  for (const char* text : {"::", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "2001:db8::1",
                           "2001::1", "3fff::1", "64:ff9b:1::1", "100::1", "::2", "::8.8.8.8", "4000::1"}) {
    EXPECT_EQ(kind_of(text), AddressKind::private_network) << text;
  }
}

TEST(AddressPolicy, LooksInsideEmbeddedIpv4) {
  EXPECT_EQ(kind_of("::ffff:8.8.8.8"), AddressKind::internet);
  EXPECT_EQ(kind_of("::ffff:10.0.0.1"), AddressKind::private_network);
  EXPECT_EQ(kind_of("::ffff:169.254.169.254"), AddressKind::private_network);
  EXPECT_EQ(kind_of("64:ff9b::8.8.8.8"), AddressKind::internet);
  EXPECT_EQ(kind_of("64:ff9b::10.0.0.1"), AddressKind::private_network);
  EXPECT_EQ(kind_of("64:ff9b::127.0.0.1"), AddressKind::private_network);
  EXPECT_EQ(kind_of("2002:808:808::1"), AddressKind::internet);
  EXPECT_EQ(kind_of("2002:a00:1::1"), AddressKind::private_network);
}

TEST(AddressPolicy, TakesUnknownFamiliesAndShortAddressesForPrivate) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  EXPECT_EQ(classify_address(reinterpret_cast<const sockaddr*>(&local), sizeof local), AddressKind::private_network);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  inet_pton(AF_INET, "8.8.8.8", &v4.sin_addr);
  EXPECT_EQ(classify_address(reinterpret_cast<const sockaddr*>(&v4), 4), AddressKind::private_network);
  EXPECT_EQ(address_text(reinterpret_cast<const sockaddr*>(&local), sizeof local), "?");
}

TEST(AddressPolicy, ReadsLiteralsOnly) {
  EXPECT_EQ(classify_literal("10.1.2.3"), AddressKind::private_network);
  EXPECT_EQ(classify_literal("[::1]"), AddressKind::loopback);
  EXPECT_EQ(classify_literal("fe80::1%eth0"), AddressKind::private_network);
  for (const char* name : {"", "localhost", "example.org", "1.2.3", "10.0.0.1.example.org", "[", "[]"}) {
    EXPECT_EQ(classify_literal(name), std::nullopt) << name;
  }
}

TEST(AddressPolicy, WidensWithTheScope) {
  const auto allowed = [](AddressScope scope) {
    return std::string(scope_allows(scope, AddressKind::internet) ? "i" : "") +
           (scope_allows(scope, AddressKind::loopback) ? "l" : "") +
           (scope_allows(scope, AddressKind::private_network) ? "p" : "");
  };
  EXPECT_EQ(allowed(AddressScope::internet), "i");
  EXPECT_EQ(allowed(AddressScope::loopback), "il");
  EXPECT_EQ(allowed(AddressScope::any), "ilp");
}

}  // namespace
}  // namespace lookalike

#include "core/http/proxy_choice.h"

#include <gtest/gtest.h>

#include <map>

namespace lookalike {
namespace {

using Variables = std::map<std::string, std::string>;

std::string chosen(const std::string& explicit_proxy, const Variables& variables, const std::string& url) {
  const ProxyChoice choice(explicit_proxy, [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  });
  return choice.proxy_for(*parse_url(url));
}

TEST(ProxyChoice, ConnectsDirectlyByDefault) {
  EXPECT_EQ(chosen("", {}, "https://h.example/"), "");
}

TEST(ProxyChoice, ObeysTheExplicitProxyAboveAll) {
  const Variables variables{{"https_proxy", "http://other:1"}, {"no_proxy", "*"}};
  EXPECT_EQ(chosen("http://mine:3128", variables, "https://h.example/"), "http://mine:3128");
  EXPECT_EQ(chosen("http://mine:3128", variables, "http://127.0.0.1/"), "http://mine:3128");
}

TEST(ProxyChoice, ReadsTheEnvironmentAsCurlDoes) {
  EXPECT_EQ(chosen("", {{"http_proxy", "p:1"}}, "http://h.example/"), "p:1");
  EXPECT_EQ(chosen("", {{"HTTP_PROXY", "p:1"}}, "http://h.example/"), "");
  EXPECT_EQ(chosen("", {{"HTTPS_PROXY", "p:1"}}, "https://h.example/"), "p:1");
  EXPECT_EQ(chosen("", {{"https_proxy", "a:1"}, {"HTTPS_PROXY", "b:1"}}, "https://h.example/"), "a:1");
  EXPECT_EQ(chosen("", {{"http_proxy", "p:1"}}, "https://h.example/"), "");
  EXPECT_EQ(chosen("", {{"ALL_PROXY", "p:1"}}, "https://h.example/"), "p:1");
}

TEST(ProxyChoice, ReachesLoopbackDirectly) {
  const Variables variables{{"http_proxy", "p:1"}};
  EXPECT_EQ(chosen("", variables, "http://127.0.0.1:8080/"), "");
  EXPECT_EQ(chosen("", variables, "http://localhost/"), "");
  EXPECT_EQ(chosen("", variables, "http://[::1]/"), "");
}

TEST(ProxyChoice, ExemptsNamesAndTheirSubdomains) {
  const Variables variables{{"http_proxy", "p:1"}, {"no_proxy", "corp.example, .Other.Example ,single"}};
  for (const char* url : {"http://corp.example/", "http://a.corp.example/", "http://x.other.example/",
                          "http://other.example/", "http://single/", "http://corp.example./"}) {
    EXPECT_EQ(chosen("", variables, url), "") << url;
  }
  for (const char* url : {"http://notcorp.example/", "http://corp.example.org/", "http://example/"}) {
    EXPECT_EQ(chosen("", variables, url), "p:1") << url;
  }
}

TEST(ProxyChoice, ExemptsAddressesAndBlocks) {
  const Variables variables{{"http_proxy", "p:1"}, {"NO_PROXY", "10.0.0.0/8,192.0.2.7,[2001:db8::1],fd00::/8"}};
  for (const char* url : {"http://10.200.0.1/", "http://192.0.2.7/", "http://[2001:db8::1]/", "http://[fd12::1]/"}) {
    EXPECT_EQ(chosen("", variables, url), "") << url;
  }
  for (const char* url : {"http://11.0.0.1/", "http://192.0.2.70/", "http://[2001:db8::2]/", "http://[fe00::1]/"}) {
    EXPECT_EQ(chosen("", variables, url), "p:1") << url;
  }
}

TEST(ProxyChoice, IgnoresBrokenBlocks) {
  const Variables variables{{"http_proxy", "p:1"}, {"no_proxy", "10.0.0.0/,10.0.0.0/99,10.0.0.0/x,/8,,."}};
  EXPECT_EQ(chosen("", variables, "http://10.0.0.1/"), "p:1");
  EXPECT_EQ(chosen("", variables, "http://h.example/"), "p:1");
}

TEST(ProxyChoice, StarExemptsAll) {
  EXPECT_EQ(chosen("", {{"http_proxy", "p:1"}, {"no_proxy", "*"}}, "http://h.example/"), "");
}

}  // namespace
}  // namespace lookalike

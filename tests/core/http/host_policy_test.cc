#include "core/http/host_policy.h"

#include <gtest/gtest.h>

#include <vector>

namespace lookalike {
namespace {

const std::vector<HostPolicy> kPolicies = {{.host = "static.example"}, {.host = "farm.static.example"}};

std::string group(const char* url) {
  return limit_group(*parse_url(url), kPolicies);
}

TEST(HostPolicy, CoversAHostAndThoseBelowIt) {
  EXPECT_EQ(group("https://static.example/a.jpg"), "static.example");
  EXPECT_EQ(group("https://live.static.example/a.jpg"), "static.example");
  EXPECT_EQ(group("http://LIVE.Static.Example:8080/a.jpg"), "static.example");
  EXPECT_EQ(group("https://live.static.example./a.jpg"), "static.example");
}

TEST(HostPolicy, TheClosestCounts) {
  EXPECT_EQ(group("https://farm.static.example/"), "farm.static.example");
  EXPECT_EQ(group("https://a.farm.static.example/"), "farm.static.example");
}

TEST(HostPolicy, OthersGoByTheirOrigin) {
  EXPECT_EQ(group("https://notstatic.example/"), "https://notstatic.example:443");
  EXPECT_EQ(group("https://example/"), "https://example:443");
  EXPECT_NE(group("https://a.org/"), group("http://a.org/"));
}

}  // namespace
}  // namespace lookalike

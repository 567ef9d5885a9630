#include "cli/wiring/http_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::HasSubstr;

TEST(HttpOptionsFor, TheUserAgentSaysHowTheUserCanBeReached) {
  const auto agent = [](const NetworkOptions& network) { return http_options(network, 1, {}).user_agent; };
  EXPECT_THAT(agent({}), HasSubstr("(command-line"));
  EXPECT_THAT(agent({.contact = "me@example.org"}), HasSubstr("(me@example.org; command-line"));
  EXPECT_THAT(agent({.contact = "me\r\nX-Injected: 1"}), testing::Not(HasSubstr("\n")));
  EXPECT_EQ(agent({.user_agent = "mine", .contact = "me@example.org"}), "mine");
}

TEST(HttpOptionsFor, ASourcesHostsAreTreatedAsItWishes) {
  ProviderSettings commons;
  commons.provider = "commons";
  const HttpOptions options = http_options_for({&commons, 1}, {}, 10, {});
  ASSERT_EQ(options.host_policies.size(), 2u);
  EXPECT_EQ(options.host_policies[0].host, "commons.wikimedia.org");
  EXPECT_EQ(options.host_policies[0].max_at_once, 3);
  EXPECT_EQ(options.host_policies[1].host, "wikimedia.org");
  EXPECT_EQ(options.host_policies[1].max_at_once, 2);
}

}  // namespace
}  // namespace lookalike

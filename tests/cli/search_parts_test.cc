#include "cli/search_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::HasSubstr;

class ChooseSource : public testing::Test {
 protected:
  ChooseSource() {
    for (const char* variable : {"LOOKALIKE_FLICKR_KEY", "FLICKR_API_KEY", "LOOKALIKE_PIXABAY_KEY", "PIXABAY_API_KEY"})
      ::unsetenv(variable);
    auto log = Log::open({.quiet = true}, Terminal{});
    EXPECT_TRUE(log.ok());
    log_ = std::move(*log);
  }
  Result<ProviderSettings> chosen(const SourceOptions& options) { return choose_source(options, *log_); }

  std::unique_ptr<Log> log_;
};

TEST_F(ChooseSource, FlickrWithItsKeyElseOpenverse) {
  EXPECT_EQ(chosen({})->provider, "openverse");
  EXPECT_EQ(chosen({.api_keys = {"pixabay=p"}})->provider, "openverse");
  EXPECT_EQ(chosen({.api_keys = {"key"}})->provider, "flickr");
  EXPECT_EQ(chosen({.api_keys = {"flickr=key"}})->api_key, "key");
}

TEST_F(ChooseSource, OnlyWhoNeedsAKeyIsRefusedWithoutOne) {
  for (const char* provider : {"openverse", "commons", "folder:/x"})
    EXPECT_TRUE(chosen({.provider = provider}).ok()) << provider;
  for (const char* provider : {"flickr", "pixabay"}) {
    const auto refused = chosen({.provider = provider});
    ASSERT_FALSE(refused.ok()) << provider;
    EXPECT_EQ(refused.error().code, ErrorCode::auth);
    EXPECT_THAT(refused.error().message, HasSubstr("--provider openverse"));
  }
}

TEST_F(ChooseSource, SecretsAreKnownToTheLog) {
  ASSERT_TRUE(chosen({.provider = "openverse", .api_keys = {"openverse=id:0123456789"}}).ok());
  EXPECT_EQ(without_secrets("a 0123456789 b", log_->secrets()), "a *** b");
}

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
  const HttpOptions options = http_options_for(commons, {}, 10, {});
  ASSERT_EQ(options.host_policies.size(), 2u);
  EXPECT_EQ(options.host_policies[0].host, "commons.wikimedia.org");
  EXPECT_EQ(options.host_policies[0].max_at_once, 3);
  EXPECT_EQ(options.host_policies[1].host, "upload.wikimedia.org");
  EXPECT_EQ(options.host_policies[1].max_at_once, 2);
}

}  // namespace
}  // namespace lookalike

#include "cli/wiring/hourly_calls.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace lookalike {
namespace {

std::unique_ptr<HourlyQuota> quota_for(std::optional<int> hourly_calls, const std::string& endpoint,
                                       const std::string& provider = "flickr") {
  static const test::FakeClock clock;
  SourceOptions options;
  options.hourly_calls = hourly_calls;
  ProviderSettings settings;
  settings.provider = provider;
  settings.endpoint = endpoint;
  return make_hourly_quota(options, settings, [](const std::string&) { return std::string(); }, clock, {});
}

TEST(HourlyCalls, AreWhatTheServiceAllows) {
  EXPECT_EQ(quota_for(std::nullopt, "")->limit(), 3600);
  EXPECT_EQ(quota_for(std::nullopt, "https://mirror.example/rest")->limit(), 3600);
}

TEST(HourlyCalls, MayBeChosen) {
  EXPECT_EQ(quota_for(40, "")->limit(), 40);
  EXPECT_EQ(quota_for(40, "http://127.0.0.1:8080/")->limit(), 40);
  EXPECT_EQ(quota_for(40, "", "folder:/pictures")->limit(), 40);
}

TEST(HourlyCalls, AreCountedThoughNotLimitedWhenOff) {
  EXPECT_EQ(quota_for(0, "")->limit(), 0);
  EXPECT_EQ(quota_for(0, "http://localhost/"), nullptr);
}

TEST(HourlyCalls, AreNotCountedOnThisMachineOrWithoutALimit) {
  EXPECT_EQ(quota_for(std::nullopt, "http://127.0.0.1:8080/services/rest/"), nullptr);
  EXPECT_EQ(quota_for(std::nullopt, "http://[::1]/"), nullptr);
  EXPECT_EQ(quota_for(std::nullopt, "", "folder:/pictures"), nullptr);
}

}  // namespace
}  // namespace lookalike

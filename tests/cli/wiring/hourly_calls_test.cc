#include "cli/wiring/hourly_calls.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace lookalike {
namespace {

std::unique_ptr<HourlyQuota> quota_for(const std::string& hourly_calls, const std::string& endpoint,
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
  EXPECT_EQ(quota_for("", "")->limit(), 3600);
  EXPECT_EQ(quota_for("", "https://mirror.example/rest")->limit(), 3600);
}

TEST(HourlyCalls, MayBeChosen) {
  EXPECT_EQ(quota_for("40", "")->limit(), 40);
  EXPECT_EQ(quota_for("40", "http://127.0.0.1:8080/")->limit(), 40);
  EXPECT_EQ(quota_for("40", "", "folder:/pictures")->limit(), 40);
}

TEST(HourlyCalls, AreCountedThoughNotLimitedWhenOff) {
  EXPECT_EQ(quota_for("off", "")->limit(), 0);
  EXPECT_EQ(quota_for("off", "http://localhost/"), nullptr);
}

TEST(HourlyCalls, AreNotCountedOnThisMachineOrWithoutALimit) {
  EXPECT_EQ(quota_for("", "http://127.0.0.1:8080/services/rest/"), nullptr);
  EXPECT_EQ(quota_for("", "http://[::1]/"), nullptr);
  EXPECT_EQ(quota_for("", "", "folder:/pictures"), nullptr);
}

TEST(HourlyCalls, FaultsAreSaid) {
  for (const char* good : {"1", "3600", "1000000000", "off"})
    EXPECT_EQ(hourly_calls_fault(good), "") << good;
  for (const char* bad : {"", "0", "-1", "1.5", "many", "1000000001", "99999999999999999999", "5 "})
    EXPECT_NE(hourly_calls_fault(bad), "") << bad;
}

}  // namespace
}  // namespace lookalike

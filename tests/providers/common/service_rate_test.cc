#include "providers/common/service_rate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lookalike {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using Headers = std::map<std::string, std::string>;

ServiceRate::TimePoint test_now{hours(100)};

// Time stands still unless the test moves it.
class ServiceRateTest : public testing::Test {
 protected:
  void SetUp() override { test_now = ServiceRate::TimePoint(hours(100)); }

  ServiceRate::Settings settings(std::vector<ServiceLimit> first = {}) {
    return {.service = "Openverse", .advice = "credentials get more", .first_limits = std::move(first), .now = [] {
              return test_now;
            }};
  }
  static bool goes(ServiceRate& rate) {
    const Admission admission = rate.admit();
    return !admission.refusal && admission.wait.count() == 0;
  }
  static Headers minute(int available, int limit = 20) {
    return {{"x-ratelimit-limit-anon_burst", std::to_string(limit) + "/min"},
            {"x-ratelimit-available-anon_burst", std::to_string(available)}};
  }
};

TEST_F(ServiceRateTest, ReadsDjangosNotation) {
  EXPECT_EQ(parse_service_limit("20/min")->calls, 20);
  EXPECT_EQ(parse_service_limit("20/min")->period, seconds(60));
  EXPECT_EQ(parse_service_limit("200/day")->period, hours(24));
  EXPECT_EQ(parse_service_limit("1/second")->period, seconds(1));
  EXPECT_EQ(parse_service_limit("9/h")->period, hours(1));
  for (const char* text : {"", "/", "20", "20/", "/min", "x/min", "20/x", "-1/min", "0/min", "99999999999/min"})
    EXPECT_FALSE(parse_service_limit(text).has_value()) << text;
}

TEST_F(ServiceRateTest, WithoutLimitsEverythingGoes) {
  ServiceRate rate(settings());
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(goes(rate));
}

TEST_F(ServiceRateTest, BeforeTheFirstAnswerTheAssumedLimitHolds) {
  ServiceRate rate(settings({{3, seconds(60)}}));
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(goes(rate));
  EXPECT_EQ(rate.admit().wait, seconds(60));
  test_now += seconds(60);
  EXPECT_TRUE(goes(rate));
}

TEST_F(ServiceRateTest, HeadersReplaceTheAssumption) {
  ServiceRate rate(settings({{1, seconds(60)}}));
  EXPECT_TRUE(goes(rate));
  EXPECT_FALSE(goes(rate));
  rate.note(minute(19));
  for (int i = 0; i < 19; ++i)
    EXPECT_TRUE(goes(rate)) << i;
  EXPECT_FALSE(goes(rate));
}

TEST_F(ServiceRateTest, CallsOfOthersCountUntilTheyMustHaveComeBack) {
  ServiceRate rate(settings());
  EXPECT_TRUE(goes(rate));
  rate.note(minute(0));
  const Admission held = rate.admit();
  EXPECT_EQ(held.wait, seconds(60));
  EXPECT_EQ(held.reason, "Openverse allows 20 calls in 1 min, and they are used up");
  EXPECT_EQ(held.advice, "credentials get more");
  EXPECT_FALSE(goes(rate));
  test_now += seconds(60);
  EXPECT_TRUE(goes(rate));
}

TEST_F(ServiceRateTest, WhatNeverReachedTheServiceIsTakenBack) {
  ServiceRate rate(settings({{2, seconds(60)}}));
  const Admission first = rate.admit();
  test_now += seconds(40);
  EXPECT_TRUE(goes(rate));
  EXPECT_EQ(rate.admit().wait, seconds(20));
  first.take_back();
  EXPECT_TRUE(goes(rate));
  EXPECT_EQ(rate.admit().wait, seconds(60)) << "the one that was made at 40 s still counts";
}

TEST_F(ServiceRateTest, OwnCallsComeBackOneByOne) {
  ServiceRate rate(settings({{2, seconds(60)}}));
  EXPECT_TRUE(goes(rate));
  test_now += seconds(40);
  EXPECT_TRUE(goes(rate));
  EXPECT_EQ(rate.admit().wait, seconds(20));
  test_now += seconds(20);
  EXPECT_TRUE(goes(rate));
  EXPECT_EQ(rate.admit().wait, seconds(40));
}

TEST_F(ServiceRateTest, ADaysLimitEndsTheSearchInsteadOfWaiting) {
  ServiceRate rate(settings());
  EXPECT_TRUE(goes(rate));
  rate.note({{"x-ratelimit-limit-anon_sustained", "200/day"}, {"x-ratelimit-available-anon_sustained", "0"}});
  const Admission held = rate.admit();
  ASSERT_TRUE(held.refusal.has_value());
  EXPECT_EQ(held.refusal->code, ErrorCode::quota);
  EXPECT_THAT(held.refusal->message, HasSubstr("200 calls in 24 h"));
  EXPECT_THAT(held.refusal->message, HasSubstr("credentials get more"));
}

TEST_F(ServiceRateTest, TheTightestOfSeveralScopesHolds) {
  ServiceRate rate(settings());
  Headers headers = minute(5);
  headers["x-ratelimit-limit-anon_sustained"] = "200/day";
  headers["x-ratelimit-available-anon_sustained"] = "2";
  rate.note(headers);
  EXPECT_TRUE(goes(rate));
  EXPECT_TRUE(goes(rate));
  EXPECT_TRUE(rate.admit().refusal.has_value());
}

TEST_F(ServiceRateTest, ReadsLimitRemainingAndReset) {
  ServiceRate rate(settings());
  rate.note({{"x-ratelimit-limit", "100"}, {"x-ratelimit-remaining", "1"}, {"x-ratelimit-reset", "30"}});
  EXPECT_TRUE(goes(rate));
  EXPECT_EQ(rate.admit().wait, seconds(30));
  test_now += seconds(30);
  EXPECT_TRUE(goes(rate));
}

TEST_F(ServiceRateTest, NonsenseInHeadersChangesNothing) {
  ServiceRate rate(settings());
  for (const char* value : {"", "-1", "nan", "twenty/min", "\xFF\xFE", "999999999999999999999"}) {
    rate.note({{"x-ratelimit-limit-a", "20/min"}, {"x-ratelimit-available-a", value}});
    rate.note({{"x-ratelimit-limit-a", value}, {"x-ratelimit-available-a", "0"}});
    rate.note({{"x-ratelimit-limit", value}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "9"}});
    EXPECT_TRUE(goes(rate)) << value;
  }
}

TEST_F(ServiceRateTest, HostileNumbersOfScopesAreBounded) {
  ServiceRate rate(settings());
  Headers headers;
  for (int i = 0; i < 1'000; ++i) {
    headers["x-ratelimit-limit-s" + std::to_string(i)] = "20/min";
    headers["x-ratelimit-available-s" + std::to_string(i)] = "20";
  }
  rate.note(headers);
  EXPECT_TRUE(goes(rate));
}

class Refuses final : public CallGate {
 public:
  Admission admit() override {
    ++asked;
    return {.wait = milliseconds(7)};
  }
  int asked = 0;
};

TEST_F(ServiceRateTest, TheUsersOwnBudgetIsAskedToo) {
  Refuses next;
  ServiceRate::Settings with_next = settings({{1, seconds(60)}});
  with_next.next = &next;
  ServiceRate rate(with_next);
  EXPECT_EQ(rate.admit().wait, milliseconds(7));
  EXPECT_EQ(rate.admit().wait, milliseconds(7)) << "what was held back is not counted";
  EXPECT_EQ(next.asked, 2);
}

TEST_F(ServiceRateTest, EveryFirstLimitHoldsUntilAnAnswerSaysMore) {
  ServiceRate rate(settings({{2, seconds(60)}, {3, hours(24)}}));
  EXPECT_TRUE(goes(rate));
  EXPECT_TRUE(goes(rate));
  EXPECT_FALSE(goes(rate)) << "the minute's";
  test_now += seconds(61);
  EXPECT_TRUE(goes(rate));
  EXPECT_FALSE(goes(rate)) << "the day's";
  rate.note({{"x-ratelimit-limit-day", "100/day"}, {"x-ratelimit-available-day", "90"}});
  EXPECT_TRUE(goes(rate));
}

}  // namespace
}  // namespace lookalike

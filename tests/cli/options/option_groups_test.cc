#include "cli/options/option_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

TEST(OptionGroups, HourlyCallsAreANumberOrOff) {
  EXPECT_EQ(parse_hourly_calls("1"), 1);
  EXPECT_EQ(parse_hourly_calls("3600"), 3600);
  EXPECT_EQ(parse_hourly_calls("1000000000"), 1'000'000'000);
  EXPECT_EQ(parse_hourly_calls("off"), 0);
  for (const char* bad : {"", "0", "-1", "1.5", "many", "1000000001", "99999999999999999999", "5 "})
    EXPECT_FALSE(parse_hourly_calls(bad)) << bad;
}

TEST(OptionGroups, AWordThatIsNoneOfThemIsAnsweredWithTheNearest) {
  std::string word = "strict";
  EXPECT_EQ(one_of({"strict", "moderate", "off"})(word), "");
  word = "strickt";
  EXPECT_THAT(one_of({"strict", "moderate", "off"})(word), HasSubstr("none of strict, moderate, off"));
  EXPECT_THAT(one_of({"strict", "moderate", "off"})(word), HasSubstr("did you mean strict?"));
}

TEST(OptionGroups, AWordBecomesItsEnumerationsNumber) {
  const std::map<std::string, OnQuota> words = {{"wait", OnQuota::wait}, {"stop", OnQuota::stop}};
  std::string word = "stop";
  EXPECT_EQ(one_of(words)(word), "");
  EXPECT_EQ(word, std::to_string(static_cast<int>(OnQuota::stop)));
}

TEST(OptionGroups, FillInTheirOptions) {
  CLI::App app;
  SourceOptions source;
  NetworkOptions network;
  add_source_options(app, source);
  add_network_options(app, network);
  app.parse(std::string("--hourly-calls off --endpoint flickr=http://localhost/ --license cc0,by --retries 0"));
  EXPECT_EQ(source.hourly_calls, 0);
  EXPECT_THAT(source.licenses, IsSupersetOf({"cc0", "by"}));
  EXPECT_EQ(network.retries, 0);
  EXPECT_EQ(network.timeout_seconds, NetworkOptions{}.timeout_seconds);
}

}  // namespace
}  // namespace lookalike

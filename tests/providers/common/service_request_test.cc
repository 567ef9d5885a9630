#include "providers/common/service_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
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

TEST(SafeLevel, ReadsTheThreeLevels) {
  EXPECT_EQ(*parse_safe_level(""), SafeLevel::strict);
  EXPECT_EQ(*parse_safe_level("strict"), SafeLevel::strict);
  EXPECT_EQ(*parse_safe_level("moderate"), SafeLevel::moderate);
  EXPECT_EQ(*parse_safe_level("off"), SafeLevel::off);
  EXPECT_EQ(parse_safe_level("Strict").error().code, ErrorCode::usage);
}

TEST(QueryText, KeepsTheWordsOfEveryScript) {
  EXPECT_THAT(words_to_ask("tabby, tabby cat"), ElementsAre("tabby", "tabby", "cat"));
  EXPECT_THAT(words_to_ask("  café\t日本語  кот "), ElementsAre("café", "日本語", "кот"));
  EXPECT_THAT(words_to_ask("well-known o'hara d.c b&w snake_case"),
              ElementsAre("well-known", "o'hara", "d.c", "b&w", "snake_case"));
}

TEST(QueryText, TakesAwayWhatAnEngineWouldObey) {
  EXPECT_THAT(words_to_ask("-cat +dog \"a b\" c* (d|e) f~2 !g intitle:h a/b.c\\d"),
              ElementsAre("cat", "dog", "a", "b", "c", "d", "e", "f", "2", "g", "intitle", "h", "a", "b.c", "d"));
  EXPECT_THAT(words_to_ask("--cat- 'dog' _x_ -é"), ElementsAre("cat", "dog", "x", "é"));
  EXPECT_THAT(words_to_ask("\x1B\u202E--"), IsEmpty());
}

TEST(QueryText, CutsBetweenWords) {
  EXPECT_EQ(*query_text("one two three", 8), "one two");
  EXPECT_EQ(*query_text("one two", 100, "+"), "one+two");
  EXPECT_EQ(*query_text("日本語", 2), "日本");
  EXPECT_EQ(query_text(std::string(100'000, 'x'), 100)->size(), 100u);
}

TEST(QueryText, NothingLeftIsAUsageError) {
  for (const char* text : {"", " ", "---", "\"*\"", "\x1B"}) {
    const auto query = query_text(text, 100);
    ASSERT_FALSE(query.ok()) << text;
    EXPECT_EQ(query.error().code, ErrorCode::usage);
  }
}

}  // namespace
}  // namespace lookalike

#include "core/http/url.h"

#include <gtest/gtest.h>

#include <string>

namespace lookalike {
namespace {

TEST(Url, TakesApart) {
  const auto url = parse_url("HTTPS://User:Pass@Photos.Example.ORG/a/b%20c?q=cat&x=%26#part");
  ASSERT_TRUE(url.ok()) << url.error().message;
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "photos.example.org");
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->path, "/a/b%20c");
  EXPECT_EQ(url->query, "q=cat&x=%26");
}

TEST(Url, HostNamesInAnyScriptBecomeWhatDnsKnows) {
  const auto url = parse_url("https://B\u00dccher.example/f\u00fcr?q=\u00e9#x");
  ASSERT_TRUE(url.ok()) << url.error().message;
  EXPECT_EQ(url->host, "xn--bcher-kva.example");
  EXPECT_EQ(url->path, "/f%c3%bcr");
  EXPECT_EQ(url->address, "https://xn--bcher-kva.example/f%c3%bcr?q=%c3%a9#x");
  EXPECT_EQ(parse_url("https://\u0444\u043e\u0442\u043e.\u0440\u0444/")->host, "xn--n1aalg.xn--p1ai");
  EXPECT_EQ(parse_url("https://\u5199\u771f.example/")->host, "xn--g7qs82g.example");
}

TEST(Url, OtherSpellingsOfAnAddressAreSeenThrough) {
  EXPECT_EQ(parse_url("http://\uff11\uff12\uff17.0.0.1/")->host, "127.0.0.1");
  EXPECT_EQ(parse_url("http://127\u30020.0.1/")->host, "127.0.0.1");
}

TEST(Url, AsciiStaysAsItIsGiven) {
  EXPECT_EQ(parse_url("HTTPS://User:Pass@h/b%20c")->address, "HTTPS://User:Pass@h/b%20c");
}

TEST(Url, RefusesHostsThatAreNoNames) {
  EXPECT_FALSE(parse_url("https://\xff\xfe.example/").ok());
}

TEST(Url, KnowsDefaultAndGivenPorts) {
  EXPECT_EQ(parse_url("http://h")->port, 80);
  EXPECT_EQ(parse_url("http://h")->path, "/");
  EXPECT_EQ(parse_url("https://h:8443/")->port, 8443);
}

TEST(Url, StripsBracketsOfIpv6) {
  const auto url = parse_url("http://[::1]:8080/x");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 8080);
}

TEST(Url, NormalizesNumbersThatMeanAnAddress) {
  // Otherwise these would be other spellings of 127.0.0.1 that no check of literals sees.
  for (const char* text : {"http://2130706433/", "http://0x7f.1/", "http://017700000001/"}) {
    EXPECT_EQ(parse_url(text)->host, "127.0.0.1") << text;
  }
}

TEST(Url, KeepsForeignSchemesForOthersToJudge) {
  EXPECT_EQ(parse_url("gopher://h/x")->scheme, "gopher");
}

TEST(Url, RefusesWhatIsNoUrl) {
  for (const char* text : {"", "photo.jpg", "/tmp/photo.jpg", "://h", "http://", "http://h:99999/", "http://a b/"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.error().code, ErrorCode::usage);
    EXPECT_NE(url.error().message.find("https://host/path"), std::string::npos);
  }
}

TEST(Url, RefusesControlCharacters) {
  EXPECT_FALSE(parse_url(std::string_view("http://good.example\0.evil.example/", 34)).ok());
  EXPECT_FALSE(parse_url("http://h/\r\nHost: evil").ok());
  EXPECT_FALSE(parse_url("http://h/\x1b[31m").ok());
}

TEST(Url, MasksCredentialsInItsOwnError) {
  const auto url = parse_url("http://me:hunter2@h:bad/?api_key=abc");
  ASSERT_FALSE(url.ok());
  EXPECT_EQ(url.error().message.find("hunter2"), std::string::npos);
  EXPECT_EQ(url.error().message.find("abc"), std::string::npos);
}

TEST(Url, SurvivesRandomBytes) {
  uint64_t state = 88172645463325252u;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = i % 2 == 0 ? "http://" : "";
    for (int length = 0; length < i % 40; ++length) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      text += static_cast<char>(state);
    }
    const auto url = parse_url(text);
    if (url.ok()) {
      EXPECT_GE(url->port, 0);
      EXPECT_LE(url->port, 65535);
    }
    (void)redacted_url(text);
  }
}

TEST(Url, EncodesSpaceInTag) {
  EXPECT_EQ(percent_encode("tabby cat"), "tabby%20cat");
}

TEST(Url, EncodesAllButUnreserved) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("&=+#?/%\"\n"), "%26%3D%2B%23%3F%2F%25%22%0A");
  EXPECT_EQ(percent_encode("caf\xC3\xA9"), "caf%C3%A9");
  EXPECT_EQ(percent_encode(std::string_view("\0", 1)), "%00");
}

TEST(Url, AppendsParameters) {
  EXPECT_EQ(with_query("https://h/p", {{"q", "a b"}, {"x", "&"}}), "https://h/p?q=a%20b&x=%26");
  EXPECT_EQ(with_query("https://h/p?a=1", {{"b", "2"}}), "https://h/p?a=1&b=2");
  EXPECT_EQ(with_query("https://h/p?", {{"b", "2"}}), "https://h/p?b=2");
  EXPECT_EQ(with_query("https://h/p?a=1&", {{"b", "2"}}), "https://h/p?a=1&b=2");
  EXPECT_EQ(with_query("https://h/p#part", {{"b", "2"}}), "https://h/p?b=2#part");
  EXPECT_EQ(with_query("https://h/p#part?", {{"b", "2"}}), "https://h/p?b=2#part?");
  EXPECT_EQ(with_query("https://h/p", {}), "https://h/p");
}

TEST(Url, KnowsLoopbackHosts) {
  for (const char* host : {"127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost", "LOCALHOST", "localhost.",
                           "api.localhost", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const char* host : {"", "128.0.0.1", "10.0.0.1", "localhost.example.org", "notlocalhost",
                           "127.0.0.1.example.org", "::2", "0.0.0.0"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

TEST(RedactedUrl, MasksSecretParameters) {
  EXPECT_EQ(redacted_url("https://h/p?method=x&api_key=SECRET&text=cat"), "https://h/p?method=x&api_key=***&text=cat");
  for (const char* name : {"key", "KEY", "apikey", "api-key", "token", "access_token", "accessToken", "client_secret",
                           "auth_token", "api_sig", "X-Amz-Signature", "X-Amz-Credential", "password", "api%5Fkey"}) {
    const std::string shown = redacted_url(std::string("https://h/?a=1&") + name + "=SECRET#x");
    EXPECT_EQ(shown, std::string("https://h/?a=1&") + name + "=***#x");
  }
}

TEST(RedactedUrl, LeavesHarmlessParameters) {
  const std::string url = "https://h/12345@N00/?keywords=cat&tags=monkey&author=me&page=2&flag&=x";
  EXPECT_EQ(redacted_url(url), url);
}

TEST(RedactedUrl, MasksUserAndPassword) {
  EXPECT_EQ(redacted_url("https://me:hunter2@h/p"), "https://***@h/p");
  EXPECT_EQ(redacted_url("https://me:hun@ter2@h/p"), "https://***@h/p");
  EXPECT_EQ(redacted_url("socks5h://me:hunter2@proxy:1080"), "socks5h://***@proxy:1080");
  EXPECT_EQ(redacted_url("me:hunter2@proxy:3128"), "***@proxy:3128");
}

TEST(RedactedUrl, MasksPasswordsThatBreakTheUrl) {
  EXPECT_EQ(redacted_url("https://me:hun/ter2@h/p").find("hun/"), std::string::npos);
  EXPECT_EQ(redacted_url("https://me:hun?ter2@h/p").find("hun?"), std::string::npos);
}

TEST(RedactedUrl, MasksSecretsInFragments) {
  EXPECT_EQ(redacted_url("https://h/#access_token=SECRET&x=1"), "https://h/#access_token=***&x=1");
}

TEST(RedactedUrl, IsFitForATerminalAndShort) {
  EXPECT_EQ(redacted_url("https://h/\x1b[31m").find('\x1b'), std::string::npos);
  EXPECT_LT(redacted_url("data:," + std::string(1 << 20, 'x')).size(), 1100u);
}

TEST(Url, NamesHostAndOrigin) {
  EXPECT_EQ(host_and_port(*parse_url("https://h.example/x")), "h.example:443");
  EXPECT_EQ(host_and_port(*parse_url("http://[::1]/")), "[::1]:80");
  EXPECT_EQ(origin(*parse_url("HTTP://H.example:80/x?y")), "http://h.example:80");
}

}  // namespace
}  // namespace lookalike

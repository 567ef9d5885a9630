#include "cli/options/source_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace lookalike {
namespace {

using testing::HasSubstr;

class SourceChoice : public testing::Test {
 protected:
  SourceChoice() {
    for (const char* variable : {"LOOKALIKE_FLICKR_KEY", "FLICKR_API_KEY", "LOOKALIKE_PIXABAY_KEY", "PIXABAY_API_KEY"})
      ::unsetenv(variable);
    auto log = LogWriter::open({.quiet = true}, Terminal{});
    EXPECT_TRUE(log.ok());
    log_ = std::move(*log);
  }
  Result<std::vector<ProviderSettings>> all(const SourceOptions& options) { return choose_sources(options, *log_); }
  Result<ProviderSettings> chosen(const SourceOptions& options) {
    auto sources = all(options);
    if (!sources.ok()) return sources.error();
    EXPECT_EQ(sources->size(), 1u);
    return (*sources)[0];
  }
  std::string refusal(const SourceOptions& options) {
    const auto sources = all(options);
    EXPECT_FALSE(sources.ok());
    if (sources.ok()) return "";
    EXPECT_EQ(sources.error().code, ErrorCode::usage);
    return sources.error().message;
  }

  std::unique_ptr<LogWriter> log_;
};

TEST_F(SourceChoice, FlickrWithItsKeyElseOpenverse) {
  EXPECT_EQ(chosen({})->provider, "openverse");
  EXPECT_EQ(chosen({.api_keys = {"pixabay=p"}})->provider, "openverse");
  EXPECT_EQ(chosen({.api_keys = {"key"}})->provider, "flickr");
  EXPECT_EQ(chosen({.api_keys = {"flickr=key"}})->api_key, "key");
}

TEST_F(SourceChoice, OnlyWhoNeedsAKeyIsRefusedWithoutOne) {
  for (const char* provider : {"openverse", "commons", "folder:/x"})
    EXPECT_TRUE(chosen({.providers = {provider}}).ok()) << provider;
  for (const char* provider : {"flickr", "pixabay"}) {
    const auto refused = chosen({.providers = {provider}});
    ASSERT_FALSE(refused.ok()) << provider;
    EXPECT_EQ(refused.error().code, ErrorCode::auth);
    EXPECT_THAT(refused.error().message, HasSubstr("--provider openverse"));
  }
}

TEST_F(SourceChoice, SecretsAreKnownToTheLog) {
  ASSERT_TRUE(chosen({.providers = {"openverse"}, .api_keys = {"openverse=id:0123456789"}}).ok());
  EXPECT_EQ(without_secrets("a 0123456789 b", log_->secrets()), "a *** b");
}

TEST_F(SourceChoice, SeveralAreSearchedInTheOrderGiven) {
  const auto sources = all({.providers = {"commons", "folder:/x", "openverse", "commons"}});
  ASSERT_TRUE(sources.ok()) << sources.error().message;
  ASSERT_EQ(sources->size(), 3u);
  EXPECT_EQ((*sources)[0].provider, "commons");
  EXPECT_EQ((*sources)[1].provider, "folder:/x");
  EXPECT_EQ((*sources)[2].provider, "openverse");
}

TEST_F(SourceChoice, ABareKeyIsTheOnlyOnesThatNeedsOne) {
  const auto sources = all({.providers = {"flickr", "openverse"}, .api_keys = {"bare"}});
  ASSERT_TRUE(sources.ok()) << sources.error().message;
  EXPECT_EQ((*sources)[0].api_key, "bare");
  EXPECT_EQ((*sources)[1].api_key, "");
  EXPECT_THAT(refusal({.providers = {"flickr", "pixabay"}, .api_keys = {"bare"}}), HasSubstr("--api-key flickr=KEY"));
  const auto named = all({.providers = {"flickr", "pixabay"}, .api_keys = {"flickr=f", "pixabay=p"}});
  ASSERT_TRUE(named.ok()) << named.error().message;
  EXPECT_EQ((*named)[0].api_key, "f");
  EXPECT_EQ((*named)[1].api_key, "p");
}

TEST_F(SourceChoice, AnEndpointOfSeveralSaysWhoseItIs) {
  const auto one = chosen({.providers = {"openverse"}, .endpoints = {"http://127.0.0.1:1/?a=b"}});
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one->endpoint, "http://127.0.0.1:1/?a=b");
  const auto both = all({.providers = {"openverse", "commons"}, .endpoints = {"commons=http://127.0.0.1:2/"}});
  ASSERT_TRUE(both.ok()) << both.error().message;
  EXPECT_EQ((*both)[0].endpoint, "");
  EXPECT_EQ((*both)[1].endpoint, "http://127.0.0.1:2/");
  EXPECT_THAT(refusal({.providers = {"openverse", "commons"}, .endpoints = {"http://127.0.0.1:1/"}}),
              HasSubstr("--endpoint openverse=http://127.0.0.1:1/"));
  EXPECT_THAT(refusal({.providers = {"openverse"}, .endpoints = {"flickr=http://127.0.0.1:1/"}}),
              HasSubstr("no source of that name"));
}

}  // namespace
}  // namespace lookalike

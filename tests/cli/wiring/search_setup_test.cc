#include "cli/wiring/search_setup.h"

#include <gmock/gmock.h>

#include "tests/cli/wiring/setup_fixture.h"

namespace lookalike::test {
namespace {

class SearchSetupTest : public SetupFixture {
 protected:
  std::unique_ptr<SearchSetup> built(size_t images = 1) {
    auto options = checked(images);
    EXPECT_TRUE(options.ok()) << options.error().message;
    auto setup = SearchSetup::build(std::move(*options), clock_, *log_);
    EXPECT_TRUE(setup.ok()) << setup.error().message;
    return std::move(*setup);
  }
};

TEST_F(SearchSetupTest, HoldsASourceAPlanAndWhatScores) {
  const auto setup = built();
  EXPECT_EQ(setup->provider().name(), "folder");
  EXPECT_EQ(setup->plan().local_photos, 2u);
  EXPECT_TRUE(setup->plan().whole);
  EXPECT_EQ(setup->tightest_quota(), nullptr) << "a folder has no calls to count";
  EXPECT_EQ(setup->allowance(), nullptr);
  EXPECT_TRUE(setup->scoring().wait_for_networks().ok());
}

TEST_F(SearchSetupTest, ValuesOfAnEmbeddingLieInTheOrderOfTheScores) {
  for (const char* text : {"likeness", "class:#7", "program:true"})
    options_.scores.push_back(*parse_score_spec(text));
  const auto setup = built();
  const auto layout = setup->scoring().layout();
  ASSERT_TRUE(layout.ok()) << layout.error().message;
  EXPECT_EQ(layout->features.begin, 0u);
  EXPECT_EQ(layout->output.begin, layout->features.size);
  EXPECT_EQ(layout->output.size, 1000u);
  ASSERT_EQ(layout->programs.size(), 1u);
  EXPECT_EQ(layout->programs[0].begin, layout->features.size + layout->output.size);
  EXPECT_EQ(setup->scoring().photo_parts(nullptr).size(), 2u) << "features and output come of one run";
  EXPECT_EQ(*setup->scoring().cache_identity(), std::nullopt) << "a program is asked anew each time";
}

TEST_F(SearchSetupTest, AScoreIsOneNumber) {
  options_.scores = {*parse_score_spec("network:" + network())};
  const auto layout = built()->scoring().layout();
  ASSERT_FALSE(layout.ok());
  EXPECT_EQ(layout.error().code, ErrorCode::model);
  EXPECT_THAT(layout.error().message, testing::HasSubstr("gives 1000 numbers for a photo"));
}

TEST_F(SearchSetupTest, TheCacheTellsNetworksAndWhatIsTakenOfThemApart) {
  const auto identity = [this] { return **built()->scoring().cache_identity(); };
  const std::string features = identity();
  options_.scores = {*parse_score_spec("class:#7")};
  const std::string output = identity();
  options_.scores.push_back(*parse_score_spec("likeness"));
  const std::string both = identity();
  EXPECT_NE(features, output);
  EXPECT_NE(features, both);
  EXPECT_NE(output, both);
}

TEST_F(SearchSetupTest, RefusesAStrategyThatTheSourceDoesNotAllow) {
  options_.source.providers = {"openverse"};
  options_.strategy = "all";
  auto setup = SearchSetup::build(*checked(), clock_, *log_);
  ASSERT_FALSE(setup.ok());
  EXPECT_EQ(setup.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace lookalike::test

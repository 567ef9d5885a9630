#include "cli/wiring/checked_options.h"

#include <gmock/gmock.h>

#include "tests/cli/wiring/setup_fixture.h"

namespace lookalike::test {
namespace {

using testing::HasSubstr;

class CheckedOptionsTest : public SetupFixture {
 protected:
  void score_by(std::initializer_list<const char*> texts) {
    for (const char* text : texts) {
      auto score = parse_score_spec(text);
      ASSERT_TRUE(score.ok()) << text;
      options_.scores.push_back(*score);
    }
  }
};

TEST_F(CheckedOptionsTest, NameTheNetworkThatDescribesImages) {
  const auto options = checked();
  ASSERT_TRUE(options.ok()) << options.error().message;
  ASSERT_TRUE(options->networks.describing);
  EXPECT_EQ(options->networks.describing->path, network());
  EXPECT_TRUE(options->networks.describes_photos);
  EXPECT_TRUE(options->networks.scoring.empty());
  ASSERT_EQ(options->sources.size(), 1u);
  EXPECT_EQ(options->sources[0].retries, options_.network.retries);
  EXPECT_NE(options->tag_cleaner, nullptr);
}

TEST_F(CheckedOptionsTest, NameEveryNetworkThatScores) {
  score_by({"class:#7", ("network:" + network()).c_str()});
  const auto options = checked();
  ASSERT_TRUE(options.ok()) << options.error().message;
  ASSERT_EQ(options->networks.wanted_classes.size(), 1u);
  EXPECT_EQ(options->networks.wanted_classes[0].index, 7u);
  ASSERT_EQ(options->networks.scoring.size(), 1u);
  EXPECT_TRUE(options->networks.scoring[0].embeds_output);
  EXPECT_TRUE(options->networks.describing->embeds_output) << "no photo is compared with the image";
}

TEST_F(CheckedOptionsTest, NoNetworkIsNeededWhereAProgramScoresAndThereIsNoImage) {
  options_.images.clear();
  options_.model.model = "/no/such/file.onnx";
  score_by({"program:true"});
  const auto options = checked();
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_FALSE(options->networks.describing);
  EXPECT_FALSE(options->networks.describes_photos);
}

TEST_F(CheckedOptionsTest, RefuseWhatCannotBe) {
  options_.stop_tags = "/no/such/list";
  const auto no_list = checked();
  ASSERT_FALSE(no_list.ok());
  EXPECT_EQ(no_list.error().code, ErrorCode::usage);
  EXPECT_THAT(no_list.error().message, HasSubstr("--stop-tags: "));
  options_.model.model = "/no/such/file.onnx";
  const auto no_network = checked();
  ASSERT_FALSE(no_network.ok());
  EXPECT_EQ(no_network.error().code, ErrorCode::model) << "what scores is checked first";
}

TEST_F(CheckedOptionsTest, AClassWithoutANameNeedsAWordToBeginWith) {
  options_.images.clear();
  score_by({"class:#7"});
  const auto refused = checked();
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("give a first query with --tag WORD"));
  options_.tags = {"dog"};
  EXPECT_TRUE(checked().ok());
}

TEST_F(CheckedOptionsTest, AnyTagIsFollowedWhereStopTagsAreOff) {
  options_.stop_tags = "off";
  EXPECT_EQ(checked()->tag_cleaner, nullptr);
}

}  // namespace
}  // namespace lookalike::test

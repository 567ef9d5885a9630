#include "cli/options/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::HasSubstr;

SearchCommandOptions with_image() {
  return {.images = {"a.jpg"}};
}

TEST(Options, TheDefaultsGoTogether) {
  EXPECT_TRUE(check_options(with_image()).ok());
}

TEST(Options, StandardInputIsReadOnlyOnce) {
  SearchCommandOptions options = with_image();
  options.images = {"-", "-"};
  EXPECT_TRUE(check_options(options).ok()) << "an image that is named twice is searched for once";
  options.liked = {"/dev/stdin"};
  EXPECT_THAT(check_options(options).error().message, HasSubstr("IMAGE and --like"));
}

TEST(Options, ASearchWithoutAnImageNeedsAFirstQuery) {
  SearchCommandOptions options;
  EXPECT_THAT(check_options(options).error().message, HasSubstr("no image given"));
  options.scores = {{ScoreKind::class_output, "cat", "class:cat"}};
  EXPECT_TRUE(check_options(options).ok()) << "the class is one";
  options.scores = {{ScoreKind::program, "true", "program:true"}};
  EXPECT_THAT(check_options(options).error().message, HasSubstr("--tag WORD"));
  options.tags = {"cat"};
  EXPECT_TRUE(check_options(options).ok());
}

TEST(Options, AFolderNeedsNoFirstQuery) {
  SearchCommandOptions options = with_image();
  options.no_classify = true;
  EXPECT_FALSE(check_options(options).ok());
  options.source.providers = {"folder:Pictures"};
  EXPECT_TRUE(check_options(options).ok());
  options.max_images = 10;
  EXPECT_FALSE(check_options(options).ok()) << "then it is searched by words";
  options.strategy = "all";
  EXPECT_TRUE(check_options(options).ok());
}

TEST(Options, KnowWhatPhotosAreScoredBy) {
  SearchCommandOptions options = with_image();
  EXPECT_TRUE(compares_images(options));
  options.scores = {{ScoreKind::network, "n.onnx", "network:n.onnx"}};
  EXPECT_FALSE(compares_images(options));
  EXPECT_TRUE(scores_by(options, ScoreKind::network));
  options.scores.push_back({ScoreKind::likeness, "", "likeness"});
  EXPECT_TRUE(compares_images(options));
}

}  // namespace
}  // namespace lookalike

#include "cli/query/query_features.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

using Classes = std::vector<ClassProbability>;

TEST(ClassesWithLiked, WithoutLikedImagesAreTheQuerys) {
  const Classes query = {{3, "cat", 0.9}, {1, "dog", 0.1}};
  const auto all = classes_with_liked(query, {});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "cat");
  EXPECT_DOUBLE_EQ(all[0].probability, 0.9);
}

TEST(ClassesWithLiked, AreWeightedAsTheEmbeddingsAre) {
  const Classes query = {{3, "cat", 0.5}, {1, "dog", 0.3}};
  const std::vector<Classes> liked = {{{2, "cow", 1.0}}, {{2, "cow", 0.6}, {1, "dog", 0.4}}};
  const auto all = classes_with_liked(query, liked);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].name, "cow");
  EXPECT_NEAR(all[0].probability, 0.75 * 0.8 / 1.75, 1e-12);
  EXPECT_EQ(all[1].name, "cat");
  EXPECT_NEAR(all[1].probability, 0.5 / 1.75, 1e-12);
  EXPECT_EQ(all[2].name, "dog");
  EXPECT_NEAR(all[2].probability, (0.3 + 0.75 * 0.2) / 1.75, 1e-12);
  EXPECT_EQ(all[2].index, 1);
}

TEST(QueryFeatures, AnyFaultOfTheFileMakesTheQueryUnreadable) {
  for (const ErrorCode code : {ErrorCode::not_found, ErrorCode::network, ErrorCode::bad_data, ErrorCode::quota})
    EXPECT_EQ(exit_code_for_query(code), ExitCode::query_unreadable);
  EXPECT_EQ(exit_code_for_query(ErrorCode::usage), ExitCode::wrong_use);
  EXPECT_EQ(exit_code_for_query(ErrorCode::model), ExitCode::model_broken);
  EXPECT_EQ(exit_code_for_query(ErrorCode::interrupted), ExitCode::interrupted);
}

}  // namespace
}  // namespace lookalike

#include "core/search/session/source_health.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

PhotoAnswer failed(ErrorCode code, ErrorCause cause = ErrorCause::other) {
  return {Error{code, "why", cause}, {.requests = 1}};
}

PhotoAnswer answered() {
  return {PhotoPage{}, {.requests = 1}};
}

FeatureAnswer unsent() {
  return {Error{ErrorCode::network, "no way there", ErrorCause::unreachable}, {}};
}

TEST(SourceHealth, GivesUpASourceThatRefusesTheKeyAtOnce) {
  SourceHealth health;
  health.on_call(answered());
  EXPECT_FALSE(health.fatal());
  health.on_call(failed(ErrorCode::auth));
  EXPECT_EQ(health.fatal()->code, ErrorCode::auth);
  EXPECT_FALSE(health.cannot_look()) << "photos of this disk are still looked at";
}

TEST(SourceHealth, GivesUpAfterThreeRefusalsOfTheQuotaInARow) {
  SourceHealth health;
  health.on_call(failed(ErrorCode::quota));
  health.on_call(failed(ErrorCode::quota));
  health.on_call(answered());
  health.on_call(failed(ErrorCode::quota));
  health.on_call(failed(ErrorCode::quota));
  EXPECT_FALSE(health.fatal());
  health.on_call(failed(ErrorCode::quota));
  EXPECT_TRUE(health.fatal());
}

TEST(SourceHealth, GivesUpAfterTenFailuresInARowButNotForQueriesAtFault) {
  SourceHealth health;
  for (int i = 0; i < 30; ++i)
    health.on_call(failed(ErrorCode::usage));
  for (int i = 0; i < 9; ++i)
    health.on_call(failed(ErrorCode::network));
  EXPECT_FALSE(health.fatal());
  health.on_call(failed(ErrorCode::network));
  EXPECT_TRUE(health.fatal());
}

TEST(SourceHealth, AnUnreachableSourceIsGivenUpAtOnceUnlessItHasAnswered) {
  SourceHealth never;
  never.on_call(failed(ErrorCode::network, ErrorCause::unreachable));
  EXPECT_TRUE(never.fatal());
  SourceHealth before;
  before.on_call(answered());
  before.on_call(failed(ErrorCode::network, ErrorCause::unreachable));
  EXPECT_FALSE(before.fatal());
}

TEST(SourceHealth, NothingCanBeLookedAtWhenNoTransferGetsAnywhereOrTheNetworkCannotRun) {
  SourceHealth health;
  for (int i = 0; i < 9; ++i)
    health.on_look(unsent());
  health.on_look({Embedding{1.0f}, {.requests = 1}});
  for (int i = 0; i < 9; ++i)
    health.on_look(unsent());
  EXPECT_FALSE(health.cannot_look());
  health.on_look(unsent());
  EXPECT_TRUE(health.cannot_look());

  SourceHealth broken;
  broken.on_look({Error{ErrorCode::model, "no such layer"}, {.requests = 1}});
  EXPECT_TRUE(broken.cannot_look());
  EXPECT_EQ(broken.fatal()->code, ErrorCode::model);
}

}  // namespace
}  // namespace lookalike

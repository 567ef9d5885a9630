#include "cli/console/exit_code.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

// Scripts rely on these: docs/command.md.
TEST(ExitCode, NumbersAreThoseOfTheDocuments) {
  EXPECT_EQ(static_cast<int>(ExitCode::found), 0);
  EXPECT_EQ(static_cast<int>(ExitCode::nothing_found), 1);
  EXPECT_EQ(static_cast<int>(ExitCode::some_failed), 8);
  EXPECT_EQ(static_cast<int>(ExitCode::interrupted), 130);
}

TEST(ExitCode, SaysWhatKeptASearchFromFindingAnything) {
  EXPECT_EQ(exit_code_for(ErrorCode::usage), ExitCode::wrong_use);
  EXPECT_EQ(exit_code_for(ErrorCode::auth), ExitCode::key_refused);
  EXPECT_EQ(exit_code_for(ErrorCode::quota), ExitCode::quota_used_up);
  EXPECT_EQ(exit_code_for(ErrorCode::model), ExitCode::model_broken);
  EXPECT_EQ(exit_code_for(ErrorCode::interrupted), ExitCode::interrupted);
  for (const ErrorCode code : {ErrorCode::network, ErrorCode::not_found, ErrorCode::bad_data})
    EXPECT_EQ(exit_code_for(code), ExitCode::source_failed);
}

}  // namespace
}  // namespace lookalike

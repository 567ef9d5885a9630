#include "cli/options/user_folders.h"

#include <gtest/gtest.h>

#include <map>

namespace lookalike {
namespace {

Environment holding(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
}

TEST(UserFolders, FollowTheVariables) {
  const auto environment = holding({{"HOME", "/home/a"}, {"XDG_STATE_HOME", "/s"}, {"XDG_CACHE_HOME", "/c"}});
  EXPECT_EQ(state_folder(environment), "/s/lookalike");
  EXPECT_EQ(cache_folder(environment), "/c/lookalike");
}

TEST(UserFolders, AreBelowHomeElse) {
  const auto environment = holding({{"HOME", "/home/a"}, {"XDG_STATE_HOME", "relative"}});
  EXPECT_EQ(state_folder(environment), "/home/a/.local/state/lookalike");
  EXPECT_EQ(cache_folder(environment), "/home/a/.cache/lookalike");
}

TEST(UserFolders, AreUnknownWithoutAHome) {
  EXPECT_TRUE(state_folder(holding({})).empty());
  EXPECT_TRUE(cache_folder(holding({{"HOME", "here"}})).empty());
}

}  // namespace
}  // namespace lookalike

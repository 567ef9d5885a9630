#include "core/base/files/user_folders.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

TEST(UserFolders, AVariableGoesBeforeHome) {
  EXPECT_EQ(user_folder(kStateFolder, "/s", "/home/me"), "/s/lookalike");
  EXPECT_EQ(user_folder(kStateFolder, "", "/home/me"), "/home/me/.local/state/lookalike");
  EXPECT_EQ(user_folder(kCacheFolder, "", "/home/me"), "/home/me/.cache/lookalike");
  EXPECT_EQ(user_folder(kDataFolder, "", "/home/me"), "/home/me/.local/share/lookalike");
}

TEST(UserFolders, WhatIsNotAbsoluteIsIgnored) {
  EXPECT_EQ(user_folder(kCacheFolder, "here", "/home/me"), "/home/me/.cache/lookalike");
  EXPECT_EQ(user_folder(kCacheFolder, "", "home"), "");
  EXPECT_EQ(user_folder(kCacheFolder, "", ""), "");
}

}  // namespace
}  // namespace lookalike

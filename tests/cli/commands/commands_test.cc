#include "cli/commands/commands.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

TEST(Commands, ASlipIsKnownByItsNearestName) {
  EXPECT_EQ(mistyped_command("serach"), "search");
  EXPECT_EQ(mistyped_command("modles"), "models");
  EXPECT_EQ(mistyped_command("model"), "models");
  EXPECT_EQ(mistyped_command("doctro"), "doctor");
  EXPECT_EQ(mistyped_command("Help"), "help");
}

TEST(Commands, WhatMayBeAnImageIsNoSlip) {
  for (const char* name : {"", "-", "--help", "search", "photo", "models.jpg", "./serach", "http://models", "cat"})
    EXPECT_EQ(mistyped_command(name), "") << name;
}

TEST(Commands, AFileIsAFileWhateverItsName) {
  const test::TemporaryFolder folder;
  folder.write("serach");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  EXPECT_EQ(mistyped_command("serach"), "");
  EXPECT_EQ(mistyped_command("modles"), "models");
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace lookalike

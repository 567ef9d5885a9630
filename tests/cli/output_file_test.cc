#include "cli/output_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace lookalike {
namespace {

namespace fs = std::filesystem;

TEST(OutputFile, IsCheckedBeforeTheSearch) {
  const fs::path folder = fs::path(testing::TempDir()) / "output_file_test";
  fs::create_directories(folder);
  const std::string path = (folder / "out.json").string();
  EXPECT_TRUE(check_output_file(path, false).ok());
  std::ofstream(path) << "old";
  EXPECT_FALSE(check_output_file(path, false).ok());
  EXPECT_NE(check_output_file(path, false).error().message.find("--force"), std::string::npos);
  EXPECT_TRUE(check_output_file(path, true).ok());
  EXPECT_FALSE(check_output_file(folder.string(), true).ok());
  EXPECT_FALSE(check_output_file((folder / "none" / "x").string(), false).ok());
  EXPECT_TRUE(check_output_file("in_this_folder.json", false).ok());
  EXPECT_TRUE(check_output_file("/dev/null", false).ok());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace lookalike

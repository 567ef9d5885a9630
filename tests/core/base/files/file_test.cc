#include "core/base/files/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
 protected:
  test::TemporaryFolder owner_;
  const fs::path& folder_ = owner_.path();
};

TEST_F(FileTest, ReadsWhatWasWritten) {
  const std::string bytes("a\0b\xff", 4);
  ASSERT_TRUE(write_file_atomically(folder_ / "x", bytes).ok());
  const auto read = read_file(folder_ / "x", 100);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, bytes);
}

TEST_F(FileTest, OverwritesAndLeavesNothingBehind) {
  ASSERT_TRUE(write_file_atomically(folder_ / "x", "old").ok());
  ASSERT_TRUE(write_file_atomically(folder_ / "x", "new").ok());
  EXPECT_EQ(*read_file(folder_ / "x", 100), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(FileTest, RefusesWhatIsTooLarge) {
  ASSERT_TRUE(write_file_atomically(folder_ / "x", "12345").ok());
  const auto read = read_file(folder_ / "x", 4);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::bad_data);
  EXPECT_TRUE(read_file(folder_ / "x", 5).ok());
}

TEST_F(FileTest, WaitsForNothing) {
  EXPECT_EQ(read_file("/dev/zero", 1 << 20).error().message, "/dev/zero is a pipe or a device, not a file");
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(read_file(pipe, 1 << 20).error().message, pipe.string() + " is a pipe or a device, not a file");
}

TEST_F(FileTest, NamesDirectoriesAndMissingFiles) {
  EXPECT_EQ(read_file(folder_, 100).error().message, folder_.string() + " is a directory, not a file");
  EXPECT_EQ(read_file(folder_ / "none", 100).error().code, ErrorCode::not_found);
}

TEST_F(FileTest, SaysWhereItCannotWrite) {
  const auto status = write_file_atomically(folder_ / "no" / "such" / "place", "x");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::usage);
  EXPECT_NE(status.error().message.find("No such file or directory"), std::string::npos);
}

}  // namespace
}  // namespace lookalike

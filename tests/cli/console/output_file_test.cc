#include "cli/console/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stop_token>
#include <thread>

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
  EXPECT_FALSE(check_output_file((folder / std::string(256, 'a')).string(), false).ok());
  fs::create_symlink("none/there", folder / "broken");
  EXPECT_FALSE(check_output_file((folder / "broken").string(), false).ok()) << "no folder for it";
  fs::create_symlink("out.json", folder / "link");
  EXPECT_FALSE(check_output_file((folder / "link").string(), false).ok());
  EXPECT_TRUE(check_output_file((folder / "link").string(), true).ok());
  fs::remove_all(folder);
}

TEST(OutputFile, OfOurOwnDescriptorsThoseOpenForWritingWillDo) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const auto name = [](int descriptor) { return "/dev/fd/" + std::to_string(descriptor); };
  EXPECT_TRUE(check_output_file(name(ends[1]), false).ok());
  EXPECT_FALSE(check_output_file(name(ends[0]), true).ok());
  EXPECT_FALSE(is_plain_file(name(ends[1])));
  EXPECT_TRUE(write_output_file(name(ends[1]), "through").ok());
  char got[16] = {};
  EXPECT_EQ(::read(ends[0], got, sizeof got), 7);
  EXPECT_STREQ(got, "through");
  ::close(ends[0]);
  EXPECT_TRUE(names_standard_output("/dev/stdout"));
  EXPECT_FALSE(names_standard_output("/dev/stderr"));
  EXPECT_FALSE(names_standard_output("out.json"));
  ::close(ends[1]);
}

TEST(OutputFile, AFifoThatNobodyReadsIsGivenUpWhenAsked) {
  const fs::path fifo = fs::path(testing::TempDir()) / "output_file_test_fifo";
  fs::remove(fifo);
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_TRUE(check_output_file(fifo.string(), false).ok());
  EXPECT_FALSE(is_plain_file(fifo.string()));
  std::stop_source stop;
  std::thread later([&] { stop.request_stop(); });
  const Status written = write_output_file(fifo.string(), "x", stop.get_token());
  later.join();
  ASSERT_FALSE(written.ok());
  EXPECT_NE(written.error().message.find("nobody reads it"), std::string::npos);
  fs::remove(fifo);
}

}  // namespace
}  // namespace lookalike

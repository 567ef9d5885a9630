#include "core/base/files/file_replacement.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "core/base/files/file.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

mode_t mode_of(const fs::path& file) {
  struct stat info {};
  EXPECT_EQ(::stat(file.c_str(), &info), 0) << file;
  return info.st_mode & 07777;
}

class FileReplacementTest : public testing::Test {
 protected:
  bool replace(const fs::path& target, std::string_view bytes) const {
    auto fresh = FileReplacement::begin(target);
    return fresh && write_all(fresh->descriptor(), bytes) && fresh->commit();
  }
  ptrdiff_t files() const { return std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()); }

  test::TemporaryFolder folder_;
};

TEST_F(FileReplacementTest, TakesTheModeOfWhatWasThere) {
  const fs::path file = folder_.write("private", "old");
  for (const mode_t mode : {0600, 0640, 0444, 0755}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    EXPECT_TRUE(replace(file, "new"));
    EXPECT_EQ(mode_of(file), mode);
    EXPECT_EQ(content_of(file), "new");
  }
  EXPECT_EQ(files(), 1);
}

TEST_F(FileReplacementTest, TakesTheOwnerWhereItMay) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const fs::path file = folder_.write("other", "old");
  ASSERT_EQ(::chown(file.c_str(), 1234, 4321), 0);
  ASSERT_EQ(::chmod(file.c_str(), 06755), 0);
  EXPECT_TRUE(replace(file, "new"));
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 1234u);
  EXPECT_EQ(info.st_gid, 4321u);
  EXPECT_EQ(mode_of(file), 06755u);
}

TEST_F(FileReplacementTest, ANewFileHasWhatTheUmaskGives) {
  const mode_t before = ::umask(027);
  EXPECT_TRUE(replace(folder_ / "fresh", "x"));
  ::umask(before);
  EXPECT_EQ(mode_of(folder_ / "fresh"), 0640u);
}

TEST_F(FileReplacementTest, WithoutCommitNothingChanged) {
  const fs::path file = folder_.write("kept", "old");
  { EXPECT_TRUE(FileReplacement::begin(file)); }
  EXPECT_EQ(content_of(file), "old");
  EXPECT_EQ(files(), 1);
}

TEST_F(FileReplacementTest, ASecondNameIsNoReasonToPart) {
  const fs::path file = folder_.write("one", "old");
  fs::create_hard_link(file, folder_ / "two");
  EXPECT_FALSE(FileReplacement::begin(file));
  EXPECT_EQ(errno, EMLINK);
  EXPECT_EQ(files(), 2);
  EXPECT_TRUE(write_file_atomically(file, "new").ok()) << "into the file itself";
  EXPECT_EQ(content_of(folder_ / "two"), "new");
}

TEST_F(FileReplacementTest, LongNamesAreNames) {
  for (const size_t length : {249u, 252u, 255u}) {
    const fs::path file = folder_ / std::string(length, 'a');
    EXPECT_TRUE(replace(file, "x")) << length;
    EXPECT_EQ(content_of(file), "x");
  }
  EXPECT_FALSE(replace(folder_ / std::string(256, 'a'), "x"));
  EXPECT_EQ(errno, ENAMETOOLONG);
}

TEST_F(FileReplacementTest, LinksAreFollowedToTheEnd) {
  const fs::path file = folder_.write("deep/real", "old");
  fs::create_symlink("deep/real", folder_ / "near");
  fs::create_symlink(folder_ / "near", folder_ / "far");
  fs::create_symlink("deep/none", folder_ / "dangling");
  fs::create_symlink("round", folder_ / "round");
  EXPECT_TRUE(fs::equivalent(behind_links(folder_ / "far"), file));
  EXPECT_EQ(behind_links(folder_ / "dangling"), folder_ / "deep/none");
  EXPECT_EQ(behind_links(folder_ / "round"), folder_ / "round");
  EXPECT_EQ(behind_links("plain"), "plain");

  ASSERT_TRUE(write_file_atomically(folder_ / "far", "new").ok());
  ASSERT_TRUE(write_file_atomically(folder_ / "dangling", "born").ok());
  EXPECT_FALSE(write_file_atomically(folder_ / "round", "x").ok());
  EXPECT_EQ(content_of(file), "new");
  EXPECT_EQ(content_of(folder_ / "deep/none"), "born");
  for (const char* link : {"near", "far", "dangling", "round"})
    EXPECT_TRUE(fs::is_symlink(folder_ / link)) << link;
}

TEST_F(FileReplacementTest, OwnDescriptorsAreKnownByAllTheirNames) {
  EXPECT_EQ(own_descriptor("/dev/stdout"), 1);
  EXPECT_EQ(own_descriptor("/dev/stderr"), 2);
  EXPECT_EQ(own_descriptor("/proc/self/fd/1"), 1);
  fs::create_symlink("/proc/self/fd/1", folder_ / "out");
  EXPECT_EQ(own_descriptor(folder_ / "out"), 1);
  const int file = ::open((folder_ / "x").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  EXPECT_EQ(own_descriptor("/dev/fd/" + std::to_string(file)), file);
  ::close(file);
  EXPECT_FALSE(own_descriptor(folder_ / "x"));
  EXPECT_FALSE(own_descriptor("/dev/null"));
  EXPECT_FALSE(own_descriptor("no such file"));
}

TEST_F(FileReplacementTest, DevicesAndPipesAreWrittenInto) {
  EXPECT_TRUE(write_file_atomically("/dev/null", "x").ok());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_FALSE(write_file_atomically("/dev/full", "x").ok());
  const fs::path fifo = folder_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] { got = content_of(fifo); });
  EXPECT_TRUE(write_file_atomically(fifo, "through").ok());
  reader.join();
  EXPECT_EQ(got, "through");
  EXPECT_TRUE(fs::is_fifo(fifo));
}

TEST(WriteAll, WaitsForRoomInANonBlockingPipe) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
  const std::string bytes(1 << 20, 'x');
  size_t got = 0;
  std::thread reader([&] {
    ASSERT_EQ(::fcntl(ends[0], F_SETFL, 0), 0);
    char buffer[1 << 14];
    for (ssize_t n = 0; got < bytes.size() && (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
      got += static_cast<size_t>(n);
  });
  EXPECT_TRUE(write_all(ends[1], bytes));
  reader.join();
  EXPECT_EQ(got, bytes.size());
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace lookalike

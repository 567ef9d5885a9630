#include "models/pull/part_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "core/base/text/digest.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::TemporaryFolder;
using testing::HasSubstr;

TEST(PartFile, IsPlacedWhenItIsWhatWasExpected) {
  const TemporaryFolder folder;
  const fs::path target = folder / "sub/net.onnx";
  auto part = PartFile::open(target, 6);
  ASSERT_TRUE(part.ok()) << part.error().message;
  ASSERT_TRUE(part->append("abc").ok());
  ASSERT_TRUE(part->append("def").ok());
  EXPECT_FALSE(fs::exists(target));
  ASSERT_TRUE(part->place(6, sha256_hex("abcdef")).ok());
  EXPECT_EQ(contents(target), "abcdef");
  EXPECT_FALSE(fs::exists(part->path()));
}

TEST(PartFile, ReplacesAnOlderFileOnlyWhenWhole) {
  const TemporaryFolder folder;
  const fs::path target = folder.write("net.onnx", "old");
  {
    auto part = PartFile::open(target, 3);
    ASSERT_TRUE(part->append("bad").ok());
    const Status placed = part->place(3, sha256_hex("new"));
    ASSERT_FALSE(placed.ok());
    EXPECT_EQ(placed.error().code, ErrorCode::bad_data);
    EXPECT_THAT(placed.error().message, HasSubstr("expected SHA-256 " + sha256_hex("new")));
    EXPECT_THAT(placed.error().message, HasSubstr("found " + sha256_hex("bad")));
  }
  EXPECT_EQ(contents(target), "old");
  EXPECT_FALSE(fs::exists(folder / "net.onnx.part"));
}

TEST(PartFile, OfAnotherSizeIsRefusedAndRemoved) {
  const TemporaryFolder folder;
  auto part = PartFile::open(folder / "net.onnx", 3);
  ASSERT_TRUE(part->append("abcd").ok());
  const Status placed = part->place(3, sha256_hex("abcd"));
  ASSERT_FALSE(placed.ok());
  EXPECT_THAT(placed.error().message, HasSubstr("expected 3 bytes, found 4"));
  EXPECT_FALSE(fs::exists(folder / "net.onnx.part"));
}

TEST(PartFile, StaysForALaterRunUnlessEmpty) {
  const TemporaryFolder folder;
  { ASSERT_TRUE(PartFile::open(folder / "net.onnx", 3)->append("ab").ok()); }
  EXPECT_EQ(PartFile::open(folder / "net.onnx", 3)->size(), 2);
  { ASSERT_TRUE(PartFile::open(folder / "empty.onnx", 3).ok()); }
  EXPECT_FALSE(fs::exists(folder / "empty.onnx.part"));
}

TEST(PartFile, ReadsBackAndRestarts) {
  const TemporaryFolder folder;
  auto part = PartFile::open(folder / "net.onnx", 6);
  ASSERT_TRUE(part->append("abcdef").ok());
  EXPECT_EQ(*part->read(2, 3), "cde");
  EXPECT_EQ(*part->read(4, 100), "ef");
  EXPECT_EQ(*part->read(0, 0), "");
  ASSERT_TRUE(part->restart().ok());
  EXPECT_EQ(part->size(), 0);
  ASSERT_TRUE(part->append("x").ok());
  EXPECT_EQ(contents(part->path()), "x");
}

TEST(PartFile, AdoptsAFileMadeElsewhere) {
  const TemporaryFolder folder;
  auto part = PartFile::open(folder / "net.onnx", 0);
  ASSERT_TRUE(part->adopt(folder.write("made", "made")).ok());
  EXPECT_EQ(part->size(), 4);
  ASSERT_TRUE(part->place(4, sha256_hex("made")).ok());
  EXPECT_EQ(contents(folder / "net.onnx"), "made");
}

TEST(PartFile, ThatCannotBeMadeIsAUsageError) {
  const TemporaryFolder folder;
  folder.write("file", "x");
  const auto part = PartFile::open(folder / "file/net.onnx", 1);
  ASSERT_FALSE(part.ok());
  EXPECT_EQ(part.error().code, ErrorCode::usage);
  EXPECT_THAT(part.error().message, HasSubstr((folder / "file").string()));
}

TEST(PartFile, DoesNotWriteThroughALink) {
  const TemporaryFolder folder;
  const fs::path victim = folder.write("victim", "precious");
  fs::create_symlink(victim, folder / "net.onnx.part");
  EXPECT_FALSE(PartFile::open(folder / "net.onnx", 1).ok());
  EXPECT_EQ(contents(victim), "precious");
}

TEST(PartFile, TooLargeForTheDiskIsSaidBeforehand) {
  const TemporaryFolder folder;
  const auto part = PartFile::open(folder / "net.onnx", int64_t{1} << 60);
  ASSERT_FALSE(part.ok());
  EXPECT_EQ(part.error().code, ErrorCode::usage);
  EXPECT_THAT(part.error().message, HasSubstr("the disk is too full"));
  EXPECT_FALSE(fs::exists(folder / "net.onnx.part"));
}

// A file-size limit stands for the full disk: the kernel refuses the write in the same way.
TEST(PartFile, RefusedWriteIsSaidAndTheFileStays) {
  const TemporaryFolder folder;
  auto part = PartFile::open(folder / "net.onnx", 100);
  ASSERT_TRUE(part.ok());
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const struct rlimit small { .rlim_cur = 10, .rlim_max = before.rlim_max };
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status written = part->append(std::string(100, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code, ErrorCode::usage);
  EXPECT_THAT(written.error().message, HasSubstr("net.onnx.part"));
  EXPECT_EQ(part->size(), 10);
}

}  // namespace
}  // namespace lookalike

#include "core/base/files/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "core/base/files/input.h"
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

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// ASCII characters, and an umlaut and a cat in each encoding.
std::string stored(const std::string& ascii, size_t unit_bytes, bool little_endian) {
  std::string bytes;
  for (const char c : ascii) {
    std::string unit(unit_bytes, '\0');
    unit[little_endian ? 0 : unit_bytes - 1] = c;
    bytes += unit;
  }
  return bytes;
}

TEST(TextFile, MarksAreNoText) {
  EXPECT_EQ(*plain_text("\xEF\xBB\xBFkey"), "key");
  EXPECT_EQ(*plain_text("key"), "key");
  EXPECT_EQ(*plain_text(""), "");
  EXPECT_EQ(*plain_text("\xEF\xBB\xBF"), "");
}

TEST(TextFile, EveryUnicodeEncodingBecomesUtf8) {
  EXPECT_EQ(*plain_text("\xFF\xFE"s + stored("a b\r\n", 2, true)), "a b\r\n");
  EXPECT_EQ(*plain_text("\xFE\xFF"s + stored("a b\r\n", 2, false)), "a b\r\n");
  EXPECT_EQ(*plain_text("\xFF\xFE\0\0"s + stored("a b\r\n", 4, true)), "a b\r\n");
  EXPECT_EQ(*plain_text("\0\0\xFE\xFF"s + stored("a b\r\n", 4, false)), "a b\r\n");
  EXPECT_EQ(*plain_text("\xFF\xFE\xFC\x00\x3D\xD8\x08\xDC"s), "ü🐈");
  EXPECT_EQ(*plain_text("\xFE\xFF\x00\xFC\xD8\x3D\xDC\x08"s), "ü🐈");
  EXPECT_EQ(*plain_text("\xFF\xFE\0\0\x08\xF4\x01\x00"s), "🐈");
}

TEST(TextFile, BrokenUtf16IsNeverBrokenUtf8) {
  EXPECT_EQ(*plain_text("\xFF\xFE\x3D\xD8"s), "\xEF\xBF\xBD");
  EXPECT_EQ(*plain_text("\xFF\xFE\x08\xDC\x61\x00"s), "\xEF\xBF\xBD"s + "a");
  EXPECT_EQ(*plain_text("\xFF\xFE\x61\x00\x62"s), "a");
  EXPECT_EQ(*plain_text("\xFF\xFE\0\0\x00\x00\x11\x00"s), "\xEF\xBF\xBD");
}

TEST(TextFile, BytesThatAreNoUnicodeStayAsTheyAre) {
  EXPECT_EQ(*plain_text("caf\xE9"), "caf\xE9");
}

TEST(TextFile, NulMeansThatItIsNoText) {
  const auto text = plain_text(stored("photo.jpg", 2, true));
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, ErrorCode::bad_data);
  EXPECT_THAT(text.error().message, HasSubstr("save it as UTF-8"));
}

TEST(TextFile, LinesOfEverySystem) {
  EXPECT_THAT(text_lines("a\nb\n"), ElementsAre("a", "b"));
  EXPECT_THAT(text_lines("a\r\nb\r\n"), ElementsAre("a", "b"));
  EXPECT_THAT(text_lines("a\rb\r"), ElementsAre("a", "b"));
  EXPECT_THAT(text_lines("a\r\nb"), ElementsAre("a", "b"));
  EXPECT_THAT(text_lines("a\n\r\n\nb \n"), ElementsAre("a", "", "", "b "));
  EXPECT_THAT(text_lines("in\rside\nb"), ElementsAre("in\rside", "b"));
  EXPECT_THAT(text_lines(""), IsEmpty());
}

TEST(TextFile, ErrorsNameTheFile) {
  const test::TemporaryFolder folder;
  const std::string good = folder.write("good", "\xEF\xBB\xBF\"1\"\r\n").string();
  const std::string bad = folder.write("bad", "a\0b"s).string();
  EXPECT_EQ(*read_text(good, 100), "\"1\"\r\n");
  EXPECT_EQ(*read_text_file(good, 100), "\"1\"\r\n");
  EXPECT_THAT(read_text(bad, 100).error().message, HasSubstr(bad + ": it holds NUL characters"));
  EXPECT_THAT(read_text_file(bad, 100).error().message, HasSubstr(bad + ": it holds NUL characters"));
  EXPECT_EQ(read_text(good, 3).error().code, ErrorCode::bad_data);
  EXPECT_EQ(read_text_file(folder.path() / "none", 3).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace lookalike

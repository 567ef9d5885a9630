#include "core/base/files/text_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

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

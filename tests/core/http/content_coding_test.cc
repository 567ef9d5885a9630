#include "core/http/content_coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace lookalike {
namespace {

constexpr int kGzip = 31;
constexpr int kZlib = 15;

std::string packed(const std::string& text, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(::deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string bytes(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(stream.total_out);
  ::deflateEnd(&stream);
  return bytes;
}

std::string some_text() {
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += std::to_string(i * 7919);
  return text;
}

TEST(ContentCoding, WhatIsNotPackedStaysAsItIs) {
  for (const std::string& body : {std::string(), std::string("\xff\xd8\xff\xe0"), std::string("\x89PNG"),
                                  std::string("x"), std::string("xyz"), std::string("\x1f")}) {
    EXPECT_EQ(*unpacked(body, 100), body);
  }
}

TEST(ContentCoding, GzipAndZlibAreUnpacked) {
  const std::string text = some_text();
  for (const int bits : {kGzip, kZlib}) {
    EXPECT_EQ(*unpacked(packed(text, bits), 1 << 20), text);
    EXPECT_EQ(*unpacked(packed(text, bits) + "trailing", 1 << 20), text);
  }
}

TEST(ContentCoding, OfDamagedDataThereIsWhatCouldBeUnpacked) {
  const std::string text = some_text();
  const std::string whole = packed(text, kGzip);
  EXPECT_EQ(*unpacked(whole.substr(0, whole.size() - 8), 1 << 20), text) << "without its checksum";
  const auto half = unpacked(whole.substr(0, whole.size() / 2), 1 << 20);
  ASSERT_TRUE(half.ok());
  EXPECT_TRUE(text.starts_with(*half));
  EXPECT_GT(half->size(), text.size() / 4);
  const auto none = unpacked("\x1f\x8b\x08 no more", 1 << 20);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, ErrorCode::bad_data);
}

TEST(ContentCoding, NoMoreIsUnpackedThanIsAllowed) {
  const std::string text(1 << 20, 'a');
  EXPECT_TRUE(unpacked(packed(text, kGzip), 1 << 20).ok());
  const auto bomb = unpacked(packed(text, kGzip), (1 << 20) - 1);
  ASSERT_FALSE(bomb.ok());
  EXPECT_EQ(bomb.error().code, ErrorCode::bad_data);
}

}  // namespace
}  // namespace lookalike

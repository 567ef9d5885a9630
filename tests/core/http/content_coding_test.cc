#include "core/http/content_coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/packed.h"

namespace lookalike {
namespace {

using test::packed;
using test::Packing;

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
  for (const Packing packing : {Packing::gzip, Packing::zlib}) {
    EXPECT_EQ(*unpacked(packed(text, packing), 1 << 20), text);
    EXPECT_EQ(*unpacked(packed(text, packing) + "trailing", 1 << 20), text);
  }
}

TEST(ContentCoding, OfDamagedDataThereIsWhatCouldBeUnpacked) {
  const std::string text = some_text();
  const std::string whole = packed(text, Packing::gzip);
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
  EXPECT_TRUE(unpacked(packed(text, Packing::gzip), 1 << 20).ok());
  const auto bomb = unpacked(packed(text, Packing::gzip), (1 << 20) - 1);
  ASSERT_FALSE(bomb.ok());
  EXPECT_EQ(bomb.error().code, ErrorCode::bad_data);
}

}  // namespace
}  // namespace lookalike

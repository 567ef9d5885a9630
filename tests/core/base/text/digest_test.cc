#include "core/base/text/digest.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace lookalike {
namespace {

// FIPS 180-4's own example.
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, AgreesWithTheStandardsExample) {
  EXPECT_EQ(sha256_hex("abc"), kAbc);
}

TEST(Sha256, IsTheSameInPieces) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  hash.update("bc");
  EXPECT_EQ(hash.finish(), kAbc);
}

TEST(Sha256, ReadsFilesLargerThanItsBuffer) {
  const auto path = std::filesystem::path(testing::TempDir()) / "digest_test.bin";
  const std::string bytes(200'000, 'x');
  std::ofstream(path, std::ios::binary) << bytes;
  const auto digest = sha256_of_file(path);
  ASSERT_TRUE(digest.ok());
  EXPECT_EQ(*digest, sha256_hex(bytes));
  std::filesystem::remove(path);
}

TEST(Sha256, SaysWhichFileIsMissing) {
  const auto digest = sha256_of_file("/no/such/file");
  ASSERT_FALSE(digest.ok());
  EXPECT_EQ(digest.error().code, ErrorCode::not_found);
  EXPECT_NE(digest.error().message.find("/no/such/file"), std::string::npos);
}

TEST(Sha256, APipeOrADeviceIsNotWaitedFor) {
  EXPECT_EQ(sha256_of_file("/dev/null").error().code, ErrorCode::not_found);
  EXPECT_EQ(sha256_of_file("/dev/zero").error().code, ErrorCode::not_found);
}

TEST(Base64, GivesTheVectorsOfTheRfc) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
}

TEST(Base64, AnyBytesComeBack) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
    bytes.push_back(static_cast<char>(i * 37));
  }
}

TEST(Base64, WhatIsNoneIsRefused) {
  EXPECT_FALSE(base64_decode("Zg"));
  EXPECT_FALSE(base64_decode("Zm9\x01"));
  EXPECT_FALSE(base64_decode("photo/cat.jp"));
}

}  // namespace
}  // namespace lookalike

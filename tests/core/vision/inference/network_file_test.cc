#include "core/vision/inference/network_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/base/text/digest.h"
#include "tests/support/onnx_writer.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class NetworkFileTest : public testing::Test {
 protected:
  NetworkSpec write(const std::string& bytes) {
    NetworkSpec spec{.name = "written", .path = (folder_.path() / "written.onnx").string()};
    std::ofstream(spec.path, std::ios::binary) << bytes;
    return spec;
  }
  static NetworkSpec with_input(NetworkSpec spec, int size) {
    spec.input_size = size;
    return spec;
  }
  static std::string with_input(const OnnxWriter::Shape& shape) {
    OnnxWriter onnx;
    onnx.add_input("image", shape);
    onnx.add_node("Relu", "relu", {"image"}, "out");
    onnx.add_output("out", shape);
    return onnx.bytes();
  }
  std::string refusal(const NetworkSpec& spec) {
    const auto file = read_network_file(spec);
    EXPECT_FALSE(file.ok());
    if (file.ok()) return "";
    EXPECT_EQ(file.error().code, ErrorCode::model);
    EXPECT_THAT(file.error().message, StartsWith("network " + spec.path + ": "));
    return file.error().message;
  }

  test::TemporaryFolder folder_;
};

TEST_F(NetworkFileTest, KeepsTheBytesTheirDigestAndTheInputSize) {
  const std::string bytes = tiny_network_bytes({.input_size = 64});
  const auto file = read_network_file(write(bytes));
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(*file->bytes, bytes);
  EXPECT_EQ(file->sha256, sha256_hex(bytes));
  EXPECT_EQ(file->input_size, 64);
}

TEST_F(NetworkFileTest, ChangesNoMoreWhenTheFileIsReplaced) {
  const std::string bytes = tiny_network_bytes();
  const NetworkSpec spec = write(bytes);
  const auto file = read_network_file(spec);
  ASSERT_TRUE(file.ok());
  std::filesystem::remove(spec.path);
  EXPECT_EQ(*file->bytes, bytes);
}

TEST_F(NetworkFileTest, ASizeThatTheFileLeavesOpenIsTheSpecs) {
  const auto file = read_network_file(with_input(write(with_input({1, 3, -1, -1})), 96));
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->input_size, 96);
}

TEST_F(NetworkFileTest, WhatIsMissingDamagedOrReplacedIsNamedWithTheNextStep) {
  EXPECT_THAT(refusal({.path = (folder_.path() / "none.onnx").string()}), HasSubstr("lookalike models list"));
  EXPECT_THAT(refusal(write("no network")), HasSubstr("lookalike models pull"));
  NetworkSpec spec = write(tiny_network_bytes());
  spec.sha256 = std::string(64, '0');
  EXPECT_THAT(refusal(spec), AllOf(HasSubstr("instead of 0000"), HasSubstr(sha256_hex(tiny_network_bytes()))));
}

TEST_F(NetworkFileTest, OnlyOneSquareImageOfThreePlanesIsTaken) {
  EXPECT_THAT(refusal(write(with_input({1, 32, 32, 3}))), HasSubstr("channels last"));
  EXPECT_THAT(refusal(write(with_input({1, 3, 32, 64}))), HasSubstr("must be square"));
  EXPECT_THAT(refusal(write(with_input({1, 4, 32, 32}))), HasSubstr("1 x 3 x SIZE x SIZE is needed"));
  EXPECT_THAT(refusal(write(with_input({1, 3, 9000, 9000}))), HasSubstr("9000 pixels: 1 to 4096 can be given"));
}

}  // namespace
}  // namespace lookalike

#include "models/conversion_mark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/text/digest.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

const std::string kSource(64, 'a');

// As tflite_to_onnx.py writes it; its own test compares with that.
std::string marked(const std::string& model, const std::string& source = kSource) {
  return model + "\x72\x94\x01\x0a\x0elookalike_mark\x12\x81\x01" + source + " " + sha256_hex(model);
}

class ConversionMarkTest : public testing::Test {
 protected:
  Result<std::string> read(const std::string& bytes) { return source_in_mark(folder_.write("net.onnx", bytes)); }
  TemporaryFolder folder_;
};

TEST_F(ConversionMarkTest, NamesTheSource) {
  for (const size_t size : {size_t{1}, size_t{1000}, size_t{3'000'000}}) {
    const auto source = read(marked(std::string(size, 'm')));
    ASSERT_TRUE(source.ok()) << source.error().message;
    EXPECT_EQ(*source, kSource);
  }
}

TEST_F(ConversionMarkTest, DamageAnywhereIsSeen) {
  const std::string good = marked(std::string(2'000'000, 'm'));
  for (const size_t at : {size_t{0}, size_t{1'500'000}, size_t{1'999'999}, good.size() - 1, good.size() - 145}) {
    std::string damaged = good;
    damaged[at] = '!';
    EXPECT_EQ(read(damaged).error().code, ErrorCode::bad_data) << at;
  }
  EXPECT_THAT(read("!" + good.substr(1)).error().message, HasSubstr("is damaged"));
  EXPECT_EQ(read(good.substr(0, good.size() - 1)).error().code, ErrorCode::bad_data);
  EXPECT_EQ(read(good + "x").error().code, ErrorCode::bad_data);
}

TEST_F(ConversionMarkTest, FileWithoutAMarkIsNone) {
  for (const std::string& bytes : {std::string(), std::string("short"), std::string(500, 'x'), marked("")}) {
    EXPECT_THAT(read(bytes).error().message, HasSubstr("does not end in the mark"));
  }
}

TEST_F(ConversionMarkTest, MissingFileIsNotFound) {
  EXPECT_EQ(source_in_mark(folder_ / "none").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace lookalike

#include "core/vision/onnx/protobuf_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace lookalike {
namespace {

using testing::ElementsAre;

TEST(ProtobufFields, ReadsEveryWireType) {
  using namespace std::string_literals;
  // 1: varint 300; 2: "abc"; 3: four bytes; 4: eight bytes.
  const std::string message = "\x08\xac\x02\x12\x03"s + "abc" + "\x1d" + "wxyz" + "\x21" + "12345678";
  std::vector<uint64_t> numbers;
  EXPECT_TRUE(for_each_field(message, [&](const ProtobufField& field) { numbers.push_back(field.number); }));
  EXPECT_THAT(numbers, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(FieldReader(message).next()->value, 300u);
  EXPECT_EQ(FieldReader(message).next()->whole, message.substr(0, 3));
  EXPECT_EQ(field_bytes(message, 2), "abc");
  EXPECT_EQ(field_bytes(message, 3), "wxyz");
  EXPECT_EQ(field_bytes(message, 4), "12345678");
  EXPECT_EQ(field_bytes(message, 5), "");
}

TEST(ProtobufFields, ACutOffMessageIsBroken) {
  for (const std::string message : {"\x08", "\x08\xac",
                                    "\x12\x03"
                                    "ab",
                                    "\x1d"
                                    "wxy",
                                    "\x0b"}) {
    EXPECT_FALSE(for_each_field(message, [](const ProtobufField&) {})) << testing::PrintToString(message);
  }
}

TEST(ProtobufFields, IntegersComePackedAndOneByOne) {
  using namespace std::string_literals;
  // 8: 7; 8: 0; 8: packed 1, 300, -1; an unfinished one at the end is left out.
  const std::string message =
      "\x40\x07\x40\x00"s + "\x42\x0e" + "\x01\xac\x02" + "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" + "\x80";
  std::vector<int64_t> values;
  EXPECT_TRUE(for_each_field(message, [&](const ProtobufField& field) { append_integers(field, values); }));
  EXPECT_THAT(values, ElementsAre(7, 0, 1, 300, -1));
}

TEST(ProtobufFields, AnEmptyPackedListHoldsNothing) {
  using namespace std::string_literals;
  const auto values_of = [](const std::string& message) {
    std::vector<int64_t> values;
    EXPECT_TRUE(for_each_field(message, [&](const ProtobufField& field) { append_integers(field, values); }));
    return values;
  };
  EXPECT_THAT(values_of("\x42\x00"s), ElementsAre());
  EXPECT_THAT(values_of("\x40\x00"s), ElementsAre(0));
  EXPECT_THAT(values_of("\x42\x00\x42\x01\x05\x42\x00"s), ElementsAre(5));
  EXPECT_THAT(values_of("\x45wxyz"s), ElementsAre());  // a number of fixed size is no integer of such a list
}

}  // namespace
}  // namespace lookalike

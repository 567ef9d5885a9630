// The fields of a protocol-buffer message, one after the other, without a schema, and the
// numbers of those that ONNX files are read by.
// Source: protobuf.dev/programming-guides/encoding. Views point into the message, which must outlive them.
// Cost: one pass; nested messages are stepped over by their length.
// Threads: a FieldReader belongs to one thread; the functions keep no state.
// Tested by tests/core/vision/onnx/protobuf_fields_test.cc and fuzzed by tests/fuzz/onnx_header_fuzzer.cc
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace lookalike {

struct ProtobufField {
  uint64_t number = 0;
  uint8_t wire_type = 0;   // 0: an integer; 1, 5: a number of fixed size; 2: a length and so many bytes
  uint64_t value = 0;      // of an integer
  std::string_view bytes;  // of a string, a message, packed numbers, or a number of fixed size
  std::string_view whole;  // as it stands in the message, key included
};

class FieldReader {
 public:
  explicit FieldReader(std::string_view message) : rest_(message) {}

  // Nothing at the end, or when broken().
  std::optional<ProtobufField> next();
  bool broken() const { return broken_; }

 private:
  std::optional<ProtobufField> read();
  std::optional<uint64_t> varint();
  bool take(uint64_t length, std::string_view& bytes);

  std::string_view rest_;
  bool broken_ = false;
};

// Calls `visit` for each field; false when the message is broken.
template <typename Visit>
bool for_each_field(std::string_view message, const Visit& visit) {
  FieldReader fields(message);
  while (const auto field = fields.next())
    visit(*field);
  return !fields.broken();
}

// The last string, message or number of fixed size under `number`; empty when there is none.
std::string_view field_bytes(std::string_view message, uint64_t number);
// Adds what a repeated integer field holds, packed (perhaps none at all) or not. What is broken ends the list.
void append_integers(const ProtobufField& field, std::vector<int64_t>& integers);

// Field and type numbers of onnx.proto (ONNX 1.12) that are read here.
enum OnnxField : uint64_t {
  kModelGraph = 7,
  kModelOpset = 8,
  kGraphNode = 1,
  kGraphWeights = 5,
  kGraphInput = 11,
  kNodeInput = 1,
  kNodeOutput = 2,
  kNodeName = 3,
  kNodeOperation = 4,
  kNodeAttribute = 5,
  kNodeDomain = 7,
  kAttributeName = 1,
  kAttributeFloat = 2,
  kAttributeInteger = 3,
  kAttributeText = 4,
  kAttributeTensor = 5,
  kAttributeFloats = 7,
  kAttributeIntegers = 8,
  kTensorDimension = 1,
  kTensorType = 2,
  kTensorFloats = 4,
  kTensorIntegers = 7,
  kTensorName = 8,
  kTensorRaw = 9,
};

enum OnnxType : uint64_t { kOnnxFloat = 1, kOnnxInt64 = 7 };

}  // namespace lookalike

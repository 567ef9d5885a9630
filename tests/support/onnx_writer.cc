#include "tests/support/onnx_writer.h"

#include <bit>
#include <cstring>

namespace lookalike {
namespace {

std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7)
    bytes += static_cast<char>(value | 0x80);
  return bytes += static_cast<char>(value);
}

std::string integer(uint64_t field, int64_t value) {
  return varint(field << 3) + varint(static_cast<uint64_t>(value));
}

std::string text(uint64_t field, std::string_view value) {
  return varint(field << 3 | 2) + varint(value.size()) + std::string(value);
}

std::string little_endian(uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8)
    bytes += static_cast<char>(value >> shift);
  return bytes;
}

constexpr int64_t kInt64 = 7;

std::string little_endian_64(int64_t value) {
  return little_endian(static_cast<uint32_t>(value)) +
         little_endian(static_cast<uint32_t>(static_cast<uint64_t>(value) >> 32));
}

std::string number(uint64_t field, float value) {
  return varint(field << 3 | 5) + little_endian(std::bit_cast<uint32_t>(value));
}

std::string value_info(std::string_view name, const OnnxWriter::Shape& shape) {
  std::string dimensions;
  for (const int64_t size : shape)
    dimensions += text(1, size < 0 ? text(2, "N") : integer(1, size));
  constexpr int64_t kFloat = 1;
  return text(1, name) + text(2, text(1, integer(1, kFloat) + text(2, dimensions)));
}

std::string attribute_bytes(const OnnxAttribute& attribute) {
  std::string bytes = text(1, attribute.name);
  if (const auto* real = std::get_if<float>(&attribute.value)) return bytes + number(2, *real) + integer(20, 1);
  if (const auto* whole = std::get_if<int64_t>(&attribute.value)) return bytes + integer(3, *whole) + integer(20, 2);
  if (const auto* word = std::get_if<std::string>(&attribute.value)) return bytes + text(4, *word) + integer(20, 3);
  for (const int64_t value : std::get<std::vector<int64_t>>(attribute.value))
    bytes += integer(8, value);
  return bytes + integer(20, 7);
}

}  // namespace

void OnnxWriter::add_input(std::string_view name, const Shape& shape) {
  inputs_ += text(11, value_info(name, shape));
}

void OnnxWriter::add_output(std::string_view name, const Shape& shape) {
  outputs_ += text(12, value_info(name, shape));
}

void OnnxWriter::add_weights(std::string_view name, const Shape& shape, const std::vector<float>& values) {
  std::string tensor;
  for (const int64_t size : shape)
    tensor += integer(1, size);
  constexpr int64_t kFloat = 1;
  std::string raw;
  raw.reserve(values.size() * sizeof(float));
  for (const float value : values)
    raw += little_endian(std::bit_cast<uint32_t>(value));
  weights_ += text(5, tensor + integer(2, kFloat) + text(8, name) + text(9, raw));
  weight_inputs_ += text(11, value_info(name, shape));
}

void OnnxWriter::add_integers(std::string_view name, const std::vector<int64_t>& values) {
  std::string raw;
  for (const int64_t value : values)
    raw += little_endian_64(value);
  const std::string length = integer(1, static_cast<int64_t>(values.size()));
  weights_ += text(5, length + integer(2, kInt64) + text(8, name) + text(9, raw));
}

void OnnxWriter::add_integer(std::string_view name, int64_t value) {
  weights_ += text(5, integer(2, kInt64) + text(8, name) + text(9, little_endian_64(value)));
}

void OnnxWriter::add_node(std::string_view operation, std::string_view name, const std::vector<std::string>& inputs,
                          std::string_view output, const std::vector<OnnxAttribute>& attributes,
                          std::string_view domain) {
  std::string node;
  for (const std::string& input : inputs)
    node += text(1, input);
  node += text(2, output);
  if (!name.empty()) node += text(3, name);
  node += text(4, operation);
  for (const OnnxAttribute& attribute : attributes)
    node += text(5, attribute_bytes(attribute));
  if (!domain.empty()) node += text(7, domain);
  nodes_ += text(1, node);
}

std::string OnnxWriter::bytes(int64_t opset) const {
  const std::string inputs = inputs_ + (weights_are_inputs_ ? weight_inputs_ : "");
  const std::string graph = nodes_ + text(2, "test") + weights_ + inputs + outputs_;
  constexpr int64_t kIrVersion = 4;
  return integer(1, kIrVersion) + text(8, text(1, "") + integer(2, opset)) + text(7, graph);
}

}  // namespace lookalike

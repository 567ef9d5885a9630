#include "core/vision/onnx/protobuf_fields.h"

namespace lookalike {

std::optional<ProtobufField> FieldReader::next() {
  if (rest_.empty()) return std::nullopt;
  const std::string_view start = rest_;
  auto field = read();
  if (field) field->whole = start.substr(0, start.size() - rest_.size());
  return field;
}

std::optional<ProtobufField> FieldReader::read() {
  const auto key = varint();
  if (!key) return std::nullopt;
  ProtobufField field{.number = *key >> 3, .wire_type = static_cast<uint8_t>(*key & 7)};
  std::optional<uint64_t> value = 0;
  bool complete = false;
  switch (field.wire_type) {
    case 0: complete = (value = varint()).has_value(); break;
    case 1: complete = take(8, field.bytes); break;
    case 2: complete = (value = varint()).has_value() && take(*value, field.bytes); break;
    case 5: complete = take(4, field.bytes); break;
    default: break;
  }
  broken_ = !complete;
  if (!complete) return std::nullopt;
  field.value = *value;
  return field;
}

std::optional<uint64_t> FieldReader::varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  broken_ = true;
  return std::nullopt;
}

bool FieldReader::take(uint64_t length, std::string_view& bytes) {
  if (length > rest_.size()) return false;
  bytes = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return true;
}

std::string_view field_bytes(std::string_view message, uint64_t number) {
  std::string_view found;
  for_each_field(message, [&](const ProtobufField& field) {
    if (field.number == number) found = field.bytes;
  });
  return found;
}

void append_integers(const ProtobufField& field, std::vector<int64_t>& integers) {
  if (field.wire_type == 0) return integers.push_back(static_cast<int64_t>(field.value));
  if (field.wire_type != 2) return;
  // Packed integers are keys without values to this reader's eyes: each is one varint.
  uint64_t value = 0;
  int shift = 0;
  for (const char character : field.bytes) {
    const auto byte = static_cast<uint8_t>(character);
    if (shift < 64) value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    shift += 7;
    if ((byte & 0x80) != 0) continue;
    integers.push_back(static_cast<int64_t>(value));
    value = 0;
    shift = 0;
  }
}

}  // namespace lookalike

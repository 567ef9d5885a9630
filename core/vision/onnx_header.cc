#include "core/vision/onnx_header.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace lookalike {
namespace {

// Field numbers of onnx.proto.
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
  kTensorDimension = 1,
  kTensorType = 2,
  kTensorFloats = 4,
  kTensorName = 8,
  kTensorRaw = 9,
};

struct Field {
  uint64_t number = 0;
  uint64_t value = 0;      // of an integer
  std::string_view bytes;  // of a string or message
  std::string_view whole;  // as it stands in the message, key included
};

// The fields of one message, in their order.
class FieldReader {
 public:
  explicit FieldReader(std::string_view message) : rest_(message) {}

  // Nothing at the end, or when broken().
  std::optional<Field> next() {
    if (rest_.empty()) return std::nullopt;
    const std::string_view start = rest_;
    auto field = read();
    if (field) field->whole = start.substr(0, start.size() - rest_.size());
    return field;
  }

  bool broken() const { return broken_; }

 private:
  std::optional<Field> read() {
    const auto key = varint();
    if (!key) return std::nullopt;
    Field field{.number = *key >> 3};
    std::optional<uint64_t> value = 0;
    bool complete = false;
    switch (*key & 7) {
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

  std::optional<uint64_t> varint() {
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

  bool take(uint64_t length, std::string_view& bytes) {
    if (length > rest_.size()) return false;
    bytes = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return true;
  }

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

std::string_view field_bytes(std::string_view message, uint64_t number) {
  std::string_view found;
  for_each_field(message, [&](const Field& field) {
    if (field.number == number) found = field.bytes;
  });
  return found;
}

int64_t dimension(std::string_view message) {
  int64_t size = -1;
  for_each_field(message, [&](const Field& field) {
    if (field.number == 1) size = static_cast<int64_t>(field.value);
  });
  return size > 0 ? size : -1;  // 0 and negative numbers stand for "open" in some exports
}

OnnxTensor read_tensor(std::string_view message) {
  OnnxTensor tensor{.name = std::string(field_bytes(message, 1)), .shape = {}};
  const std::string_view shape = field_bytes(field_bytes(field_bytes(message, 2), 1), 2);
  for_each_field(shape, [&](const Field& field) {
    if (field.number == 1) tensor.shape.push_back(dimension(field.bytes));
  });
  return tensor;
}

OnnxNode read_node(std::string_view message) {
  OnnxNode node;
  for_each_field(message, [&](const Field& field) {
    if (field.number == kNodeInput) node.inputs.emplace_back(field.bytes);
    if (field.number == kNodeOutput) node.outputs.emplace_back(field.bytes);
    if (field.number == kNodeName) node.name = field.bytes;
    if (field.number == kNodeOperation) node.operation = field.bytes;
  });
  return node;
}

// The bytes that one value of an ONNX type takes; 0 for those that no weight has here.
size_t size_of_type(uint64_t type) {
  switch (type) {
    case 1:
    case 6:
    case 12: return 4;  // float, int32, uint32
    case 7:
    case 11:
    case 13: return 8;  // int64, double, uint64
    case 4:
    case 5:
    case 10: return 2;  // 16-bit integers and floats
    case 2:
    case 3:
    case 9: return 1;  // 8-bit integers, bool
    default: return 0;
  }
}

// At most kMostValues, so that no product overflows.
uint64_t value_count(std::string_view tensor) {
  constexpr uint64_t kMostValues = uint64_t{1} << 31;
  uint64_t count = 1;
  for_each_field(tensor, [&](const Field& field) {
    if (field.number == kTensorDimension) count = std::min(kMostValues, count * std::min(kMostValues, field.value));
  });
  return count;
}

// Values outside raw and float data are packed integers of varying length, which cannot be checked by counting.
bool has_its_length(std::string_view tensor) {
  constexpr uint64_t kFloat = 1;
  uint64_t type = 0;
  std::string_view raw, floats;
  const bool whole = for_each_field(tensor, [&](const Field& field) {
    if (field.number == kTensorType) type = field.value;
    if (field.number == kTensorFloats) floats = field.bytes;
    if (field.number == kTensorRaw) raw = field.bytes;
  });
  if (!whole) return false;
  if (!raw.empty()) return raw.size() == value_count(tensor) * size_of_type(type);
  return type != kFloat || floats.size() == sizeof(float) * value_count(tensor);
}

struct Graph {
  std::unordered_set<std::string_view> weights;
  bool whole = true;
};

Graph read_graph(std::string_view message, OnnxHeader& header) {
  Graph graph;
  bool weights_whole = true;
  graph.whole = for_each_field(message, [&](const Field& field) {
    if (field.number == kGraphNode) header.nodes.push_back(read_node(field.bytes));
    if (field.number == kGraphWeights) {
      graph.weights.insert(field_bytes(field.bytes, kTensorName));
      weights_whole = weights_whole && has_its_length(field.bytes);
    }
    if (field.number == kGraphInput) header.inputs.push_back(read_tensor(field.bytes));
  });
  graph.whole = graph.whole && weights_whole;
  // Older files list their weights among the inputs.
  std::erase_if(header.inputs, [&](const OnnxTensor& input) { return graph.weights.contains(input.name); });
  return graph;
}

// Each layer reads the image, weights, or what an earlier layer gives.
bool is_connected(const OnnxHeader& header, std::unordered_set<std::string_view> known) {
  for (const OnnxTensor& input : header.inputs)
    known.insert(input.name);
  known.insert("");
  for (const OnnxNode& node : header.nodes) {
    const bool found = std::all_of(node.inputs.begin(), node.inputs.end(),
                                   [&](const std::string& input) { return known.contains(input); });
    if (!found || node.outputs.empty()) return false;
    known.insert(node.outputs.begin(), node.outputs.end());
  }
  return true;
}

void read_opset(std::string_view message, OnnxHeader& header) {
  int64_t version = 0;
  for_each_field(message, [&](const Field& field) {
    if (field.number == 2) version = static_cast<int64_t>(field.value);
  });
  const std::string_view domain = field_bytes(message, 1);
  if (domain.empty() || domain == "ai.onnx") header.opset = version;
}

std::string varint_bytes(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7)
    bytes += static_cast<char>(value | 0x80);
  return bytes += static_cast<char>(value);
}

std::string integer_field(uint64_t number, int64_t value) {
  return varint_bytes(number << 3) + varint_bytes(static_cast<uint64_t>(value));
}

std::string message_field(uint64_t number, std::string_view message) {
  return (varint_bytes(number << 3 | 2) + varint_bytes(message.size())).append(message);
}

std::string float_tensor_info(const OnnxTensor& tensor) {
  std::string dimensions;
  for (const int64_t size : tensor.shape)
    dimensions += message_field(1, integer_field(1, size));
  const std::string type = integer_field(1, 1) + message_field(2, dimensions);
  return message_field(1, tensor.name) + message_field(2, message_field(1, type));
}

template <typename Number>
std::string joined(const std::vector<Number>& shape) {
  std::string text;
  for (const Number size : shape) {
    if (!text.empty()) text += " x ";
    text += size < 0 ? "?" : std::to_string(size);
  }
  return text;
}

}  // namespace

Result<OnnxHeader> read_onnx_header(std::string_view bytes) {
  OnnxHeader header;
  Graph graph;
  const bool whole = for_each_field(bytes, [&](const Field& field) {
    if (field.number == kModelGraph && header.nodes.empty()) graph = read_graph(field.bytes, header);
    if (field.number == kModelOpset) read_opset(field.bytes, header);
  });
  if (header.nodes.empty()) return Error{ErrorCode::model, "not an ONNX network, or one that is cut off"};
  if (!whole || !graph.whole) return Error{ErrorCode::model, "cut off or damaged"};
  if (!is_connected(header, graph.weights)) return Error{ErrorCode::model, "damaged: its layers are not connected"};
  return header;
}

std::string with_input_shape(std::string_view bytes, const OnnxTensor& input) {
  const auto replace_input = [&](std::string_view graph) {
    std::string changed;
    changed.reserve(graph.size() + 64);
    for_each_field(graph, [&](const Field& field) {
      const bool is_it = field.number == kGraphInput && field_bytes(field.bytes, 1) == input.name;
      changed += is_it ? message_field(kGraphInput, float_tensor_info(input)) : std::string(field.whole);
    });
    return changed;
  };
  std::string changed;
  changed.reserve(bytes.size() + 64);
  for_each_field(bytes, [&](const Field& field) {
    if (field.number != kModelGraph) changed += field.whole;
    if (field.number == kModelGraph) changed += message_field(kModelGraph, replace_input(field.bytes));
  });
  return changed;
}

std::string shape_text(const std::vector<int64_t>& shape) {
  return joined(shape);
}
std::string shape_text(const std::vector<int>& shape) {
  return joined(shape);
}

}  // namespace lookalike

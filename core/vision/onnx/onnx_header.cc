#include "core/vision/onnx/onnx_header.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "core/base/text/text.h"
#include "core/vision/onnx/protobuf_fields.h"

namespace lookalike {
namespace {

int64_t dimension(std::string_view message) {
  int64_t size = -1;
  for_each_field(message, [&](const ProtobufField& field) {
    if (field.number == 1) size = static_cast<int64_t>(field.value);
  });
  return size > 0 ? size : -1;  // 0 and negative numbers stand for "open" in some exports
}

OnnxTensor read_tensor(std::string_view message) {
  OnnxTensor tensor{.name = std::string(field_bytes(message, 1)), .shape = {}};
  const std::string_view shape = field_bytes(field_bytes(field_bytes(message, 2), 1), 2);
  for_each_field(shape, [&](const ProtobufField& field) {
    if (field.number == 1) tensor.shape.push_back(dimension(field.bytes));
  });
  return tensor;
}

OnnxNode read_node(std::string_view message) {
  OnnxNode node;
  for_each_field(message, [&](const ProtobufField& field) {
    if (field.number == kNodeInput) node.inputs.emplace_back(field.bytes);
    if (field.number == kNodeOutput) node.outputs.emplace_back(field.bytes);
    if (field.number == kNodeName) node.name = field.bytes;
    if (field.number == kNodeOperation) node.operation = field.bytes;
    if (field.number == kNodeDomain && field.bytes != "ai.onnx") node.domain = field.bytes;
    if (field.number == kNodeAttribute) node.attributes.push_back(field.bytes);
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
  std::vector<int64_t> shape;
  for_each_field(tensor, [&](const ProtobufField& field) {
    if (field.number == kTensorDimension) append_integers(field, shape);
  });
  uint64_t count = 1;
  for (const int64_t size : shape)
    count = std::min(kMostValues, count * std::min(kMostValues, static_cast<uint64_t>(size)));
  return count;
}

// Values outside raw and float data are packed integers of varying length, which cannot be checked by counting.
bool has_its_length(std::string_view tensor) {
  uint64_t type = 0;
  std::string_view raw, floats;
  const bool whole = for_each_field(tensor, [&](const ProtobufField& field) {
    if (field.number == kTensorType) type = field.value;
    if (field.number == kTensorFloats) floats = field.bytes;
    if (field.number == kTensorRaw) raw = field.bytes;
  });
  if (!whole) return false;
  if (!raw.empty()) return raw.size() == value_count(tensor) * size_of_type(type);
  return type != kOnnxFloat || floats.size() == sizeof(float) * value_count(tensor);
}

struct Graph {
  std::unordered_set<std::string_view> weights;
  bool whole = true;
};

Graph read_graph(std::string_view message, OnnxHeader& header) {
  Graph graph;
  bool weights_whole = true;
  graph.whole = for_each_field(message, [&](const ProtobufField& field) {
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
  for_each_field(message, [&](const ProtobufField& field) {
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
std::string sides_text(const std::vector<Number>& shape) {
  std::vector<std::string> sides;
  for (const Number side : shape)
    sides.push_back(side < 0 ? "?" : std::to_string(side));
  return join(sides, " x ");
}

}  // namespace

Result<OnnxHeader> read_onnx_header(std::string_view bytes) {
  OnnxHeader header;
  Graph graph;
  const bool whole = for_each_field(bytes, [&](const ProtobufField& field) {
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
    for_each_field(graph, [&](const ProtobufField& field) {
      const bool is_it = field.number == kGraphInput && field_bytes(field.bytes, 1) == input.name;
      changed += is_it ? message_field(kGraphInput, float_tensor_info(input)) : std::string(field.whole);
    });
    return changed;
  };
  std::string changed;
  changed.reserve(bytes.size() + 64);
  for_each_field(bytes, [&](const ProtobufField& field) {
    if (field.number != kModelGraph) changed += field.whole;
    if (field.number == kModelGraph) changed += message_field(kModelGraph, replace_input(field.bytes));
  });
  return changed;
}

std::string shape_text(const std::vector<int64_t>& shape) {
  return sides_text(shape);
}
std::string shape_text(const std::vector<int>& shape) {
  return sides_text(shape);
}

}  // namespace lookalike

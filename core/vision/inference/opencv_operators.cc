// Which nodes OpenCV 4.6 computes rightly.
//
// It reads files of every opset by the rules of about opset 11. Where a later or earlier one differs, it computes
// something else without a word: a ReduceMean of opset 18 over all axes, a Split of opset 13 in equal parts, a Softmax
// of opset 9 over one axis. So a node is run by it only when its operator, its opset and the way it is used are among
// those that were compared with torch's values; a network with any other node is refused.
//
// Source: modules/dnn/src/onnx/onnx_importer.cpp of OpenCV 4.6, and comparisons of each form with torch 1.13.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "core/base/text/text.h"
#include "core/vision/inference/opencv_network.h"
#include "core/vision/onnx/onnx_node_reader.h"

namespace lookalike {
namespace {

// Nothing: OpenCV computes it rightly. Else what it does not.
using Reason = std::string;
using Check = Reason (*)(const OnnxNodeReader&);

Reason always(const OnnxNodeReader&) {
  return {};
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool all_are(const std::vector<int64_t>& values, int64_t wanted) {
  return std::all_of(values.begin(), values.end(), [wanted](int64_t value) { return value == wanted; });
}

// What became an input in a later opset is only read as an attribute.
template <size_t kInput, int64_t kSince>
Reason attribute_only(const OnnxNodeReader& node) {
  const bool moved = node.opset() >= kSince || node.reads(kInput);
  return moved ? "what it reads as an input since opset " + std::to_string(kSince) + " is overlooked" : Reason();
}

Reason check_window(const OnnxNodeReader& node) {
  if (!has_attribute(node.node(), "kernel_shape")) return "its kernel_shape is not said";
  if (integers_attribute(node.node(), "kernel_shape", {}).size() != 2) return "its window has not two sides";
  return text_attribute(node.node(), "auto_pad") == "SAME_LOWER" ? "auto_pad SAME_LOWER is taken for another"
                                                                 : Reason();
}

Reason check_convolution(const OnnxNodeReader& node) {
  if (node.constant(1) == nullptr || (node.reads(2) && node.constant(2) == nullptr)) return "its weights are computed";
  return check_window(node);
}

Reason check_pool(const OnnxNodeReader& node) {
  const bool pads = !all_are(integers_attribute(node.node(), "pads", {}), 0) || has_attribute(node.node(), "auto_pad");
  if (integer_attribute(node.node(), "count_include_pad", 0) != 0 && pads) return "its border is left out of averages";
  if (!all_are(integers_attribute(node.node(), "dilations", {}), 1)) return "holes in its window are overlooked";
  if (node.node().outputs.size() > 1) return "it gives more than its values";
  return check_window(node);
}

Reason check_gemm(const OnnxNodeReader& node) {
  const bool plain = float_attribute(node.node(), "alpha", 1) == 1 && float_attribute(node.node(), "beta", 1) == 1 &&
                     integer_attribute(node.node(), "transA", 0) == 0;
  return plain && node.constant(1) != nullptr ? Reason()
                                              : "it scales or turns what it reads, or its weights are computed";
}

Reason check_matmul(const OnnxNodeReader& node) {
  return node.constant(1) != nullptr ? Reason() : "both of its sides are computed";
}

Reason check_batch_norm(const OnnxNodeReader& node) {
  const bool plain = node.opset() >= 7 && node.node().outputs.size() == 1 &&
                     integer_attribute(node.node(), "training_mode", 0) == 0 &&
                     integer_attribute(node.node(), "spatial", 1) == 1;
  return plain ? Reason() : "its training mode is overlooked";
}

Reason check_arithmetic(const OnnxNodeReader& node) {
  return node.opset() >= 7 ? Reason() : "before opset 7 it repeats sides in another way";
}

Reason check_clip(const OnnxNodeReader& node) {
  return node.opset() < 11 && node.node().inputs.size() == 1 ? Reason()
                                                             : "bounds that are inputs, as since opset 11, are refused";
}

Reason check_concat(const OnnxNodeReader& node) {
  return has_attribute(node.node(), "axis") ? Reason() : "its axis is not said";
}

Reason check_reshape(const OnnxNodeReader& node) {
  const bool plain = node.opset() >= 5 && integer_attribute(node.node(), "allowzero", 0) == 0;
  return plain ? Reason() : "its opset means another shape";
}

Reason check_dropout(const OnnxNodeReader& node) {
  return node.opset() >= 7 && !node.reads(2) ? Reason() : "its training mode is overlooked";
}

Reason check_pad(const OnnxNodeReader& node) {
  const std::string_view mode = text_attribute(node.node(), "mode");
  if (!mode.empty() && mode != "constant") return "only borders of a constant were compared";
  if (node.opset() < 2 || node.reads(3)) return "its axes are overlooked";
  const bool moved = node.opset() >= 11 && (has_attribute(node.node(), "pads") || node.constant(1) == nullptr);
  return moved ? "its pads are overlooked" : Reason();
}

Reason check_slice(const OnnxNodeReader& node) {
  if (node.opset() < 10) return node.node().inputs.size() == 1 ? Reason() : "its inputs are overlooked";
  if (has_attribute(node.node(), "starts") || node.node().inputs.size() < 3) return "its bounds are overlooked";
  for (size_t at = 1; at < node.node().inputs.size(); ++at) {
    if (node.constant(at) == nullptr) return "its bounds are computed";
  }
  const auto axes = node.integers("axes", 3, 10);
  const auto steps = node.integers("steps", 4, 10);
  if (!axes.ok() || !steps.ok()) return "its axes or steps are not known";
  const bool forward =
      std::ranges::all_of(axes->value_or(std::vector<int64_t>{}), [](int64_t axis) { return axis >= 0; });
  return forward && all_are(steps->value_or(std::vector<int64_t>{}), 1)
             ? Reason()
             : "steps and axes from the end are taken for others";
}

Reason check_split(const OnnxNodeReader& node) {
  if (node.reads(1)) return "the sizes that it reads as an input are overlooked";
  if (node.opset() >= 13 && has_attribute(node.node(), "split"))
    return "its sizes are an attribute, which its opset does not have";
  return has_attribute(node.node(), "num_outputs") ? "parts of different sizes are overlooked" : Reason();
}

Reason check_gather(const OnnxNodeReader& node) {
  const OnnxWeights* const constant = node.constant(1);
  const auto indices = constant == nullptr ? std::nullopt : integers(*constant);
  const bool plain = indices && indices->size() == 1 && indices->front() >= 0;
  return plain ? Reason() : "only one index, counted from the start, was compared";
}

Reason check_pow(const OnnxNodeReader& node) {
  const OnnxWeights* const constant = node.constant(1);
  const auto power = constant == nullptr ? std::nullopt : floats(*constant);
  return power && power->size() == 1 ? Reason() : "its power is not one constant";
}

Reason check_lrn(const OnnxNodeReader& node) {
  return float_attribute(node.node(), "bias", 1) == 1 ? Reason() : "another bias than 1 was not compared";
}

Reason check_softmax(const OnnxNodeReader& node) {
  return node.opset() >= 1 ? Reason() : "its opset is not said";
}

struct Known {
  std::string_view operation;
  Check check;
};

constexpr Known kKnown[] = {
    {"Abs", always},
    {"Add", check_arithmetic},
    {"AveragePool", check_pool},
    {"BatchNormalization", check_batch_norm},
    {"Clip", check_clip},
    {"Concat", check_concat},
    {"Constant", always},
    {"Conv", check_convolution},
    {"Div", check_arithmetic},
    {"Dropout", check_dropout},
    {"Elu", always},
    {"Exp", always},
    {"Flatten", always},
    {"Gather", check_gather},
    {"Gemm", check_gemm},
    {"GlobalAveragePool", always},
    {"GlobalMaxPool", always},
    {"HardSigmoid", always},
    {"HardSwish", always},
    {"Identity", always},
    {"LRN", check_lrn},
    {"LeakyRelu", always},
    {"LogSoftmax", check_softmax},
    {"MatMul", check_matmul},
    {"MaxPool", check_pool},
    {"Mul", check_arithmetic},
    {"Neg", always},
    {"PRelu", check_arithmetic},
    {"Pad", check_pad},
    {"Pow", check_pow},
    {"ReduceL2", attribute_only<1, 18>},
    {"ReduceMax", attribute_only<1, 18>},
    {"ReduceMean", attribute_only<1, 18>},
    {"ReduceSum", attribute_only<1, 13>},
    {"Relu", always},
    {"Reshape", check_reshape},
    {"Shape", always},
    {"Sigmoid", always},
    {"Slice", check_slice},
    {"Softmax", check_softmax},
    {"Softplus", always},
    {"Split", check_split},
    {"Sqrt", always},
    {"Squeeze", attribute_only<1, 13>},
    {"Sub", check_arithmetic},
    {"Sum", check_arithmetic},
    {"Tanh", always},
    {"Transpose", always},
    {"Unsqueeze", attribute_only<1, 13>},
};

Reason why_not(const OnnxNodeReader& node) {
  const auto* const found = std::ranges::find(kKnown, node.node().operation, &Known::operation);
  if (found == std::end(kKnown) || !node.node().domain.empty())
    return "it is not among the operators that were compared";
  return found->check(node);
}

Error refused(const OnnxNodeReader& reader, const Reason& reason) {
  const OnnxNode& node = reader.node();
  const std::string& name = node.name.empty() ? node.outputs[0] : node.name;
  return {ErrorCode::model,
          fmt::format(
              "{} \"{}\" of opset {} is not run by OpenCV 4.6, which would compute something else or nothing: {}; "
              "export the network at opset 10 or 11, or change that operation (docs/formats.md lists those that run)",
              terminal_safe(node.operation), terminal_safe(name), reader.opset(), reason)};
}

// OpenCV takes the softmax along one axis (1 when not said). Up to opset 12 it goes over all that is behind the axis,
// since then over one axis, the last when not said.
Reason check_softmax_axis(const OnnxNodeReader& node, const std::vector<int>& shape) {
  const bool flattens = node.opset() < 13;
  if (!flattens && !has_attribute(node.node(), "axis"))
    return shape.size() == 2 ? Reason() : "it is taken along axis 1 instead of the last";
  if (!flattens) return {};
  const auto rank = static_cast<int64_t>(shape.size());
  const int64_t given = integer_attribute(node.node(), "axis", 1);
  const int64_t axis = given < 0 ? given + rank : given;
  const bool alone = axis >= 0 && axis < rank &&
                     std::all_of(shape.begin() + axis + 1, shape.end(), [](int size) { return size == 1; });
  return alone ? Reason() : "it is taken along one axis instead of all behind it";
}

// The shapes of a constant that is repeated rightly: one value, one a channel, or as many as the layer has.
bool is_repeated_rightly(const std::vector<int64_t>& constant, const std::vector<int>& shape) {
  if (std::equal(constant.begin(), constant.end(), shape.begin(), shape.end())) return true;
  if (constant.size() > shape.size() || constant.size() + 1 < shape.size())
    return all_are(constant, 1) && constant.size() <= 1;
  const size_t missing = shape.size() - constant.size();
  for (size_t i = 0; i < constant.size(); ++i) {
    if (constant[i] != 1 && (missing + i != 1 || constant[i] != shape[1])) return false;
  }
  return true;
}

Reason check_repeated(const OnnxNodeReader& node, const std::vector<const std::vector<int>*>& shapes) {
  const std::string& operation = node.node().operation;
  for (size_t at = 0; at < shapes.size(); ++at) {
    if (shapes[at] != nullptr || node.node().inputs.size() != 2) continue;
    const std::vector<int>* const layer = shapes[1 - at];
    if (layer == nullptr) return {};  // of two constants
    return is_repeated_rightly(node.constant(at)->shape, *layer) ? Reason()
                                                                 : "its constant is repeated along other sides";
  }
  for (const std::vector<int>* const shape : shapes) {
    if (shape == nullptr) return "it reads constants";
    if (*shape == *shapes[0]) continue;
    // A layer times what was pooled of it.
    const bool pooled = operation == "Mul" && shapes.size() == 2 && shape->size() == 4 && shapes[0]->size() == 4 &&
                        *shape == std::vector<int>{1, (*shapes[0])[1], 1, 1};
    if (!pooled) return "layers of different sizes are repeated along other sides";
  }
  return {};
}

Reason check_node_shapes(const OnnxNodeReader& node, const ShapesByTensor& shapes) {
  const std::string& operation = node.node().operation;
  const bool softmax = is_one_of(operation, {"Softmax", "LogSoftmax"});
  if (!softmax && !is_one_of(operation, {"Add", "Sub", "Mul", "Div", "Sum", "PRelu"})) return {};
  std::vector<const std::vector<int>*> read;  // null: a constant
  for (size_t at = 0; at < node.node().inputs.size(); ++at) {
    const auto found = shapes.find(node.node().inputs[at]);
    if (found == shapes.end() && node.constant(at) == nullptr) return "the size of what it reads is not known";
    read.push_back(found == shapes.end() ? nullptr : &found->second);
  }
  if (!softmax) return check_repeated(node, read);
  return read.empty() || read[0] == nullptr ? "it reads a constant" : check_softmax_axis(node, *read[0]);
}

}  // namespace

Status check_opencv_operators(std::string_view bytes, const OnnxHeader& header) {
  if (header.opset > kNewestOpset)
    return Error{ErrorCode::model,
                 fmt::format("it is of opset {}, newer than those known here (up to {}); export it at opset 17",
                             header.opset, kNewestOpset)};
  const OnnxWeightsByName weights = read_onnx_weights(bytes, header);
  for (const OnnxNode& node : header.nodes) {
    const OnnxNodeReader reader(node, header.opset, weights);
    if (const Reason reason = why_not(reader); !reason.empty()) return refused(reader, reason);
  }
  return {};
}

Status check_opencv_shapes(std::string_view bytes, const OnnxHeader& header, const ShapesByTensor& shapes) {
  const OnnxWeightsByName weights = read_onnx_weights(bytes, header);
  for (const OnnxNode& node : header.nodes) {
    const OnnxNodeReader reader(node, header.opset, weights);
    if (const Reason reason = check_node_shapes(reader, shapes); !reason.empty()) return refused(reader, reason);
  }
  return {};
}

}  // namespace lookalike

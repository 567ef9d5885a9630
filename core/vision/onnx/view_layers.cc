#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <utility>

#include "core/vision/onnx/node_layers.h"

namespace lookalike {
namespace {

using Shape = std::vector<int>;

// The same values under another shape, when they lie in memory as that shape has them.
Status set_view(LayerDraft& draft, const char* type, const Shape& shape) {
  if (draft.inputs.size() != 1) return refusal("reads more than one layer");
  const auto& [height, width, channels] = draft.input().places;
  const bool planes = shape == Shape{1, channels, height, width};
  const bool plane = channels == 1 && shape == Shape{1, height, width};
  const bool place = height * width == 1 && (shape == Shape{1, channels} || shape == Shape{1, channels, 1});
  if (!planes && !plane && !place) return refusal("mixes places and channels");
  draft.layer.places = draft.input().places;
  draft.layer.description.shape = shape;
  draft.layer.description.type = type;
  draft.layer.operation = Operation::pass;
  return {};
}

// Axes as positions in a shape of `rank` sides, in order. Errors: none, twice the same, no such side.
Result<std::vector<int>> axes_of(const LayerDraft& draft, size_t rank) {
  const auto given = draft.node.integers("axes", 1, 13);
  if (!given.ok()) return given.error();
  if (!*given) return refusal("which sides is not said");
  std::vector<int> axes;
  for (const int64_t axis : **given)
    axes.push_back(axis_at(axis, rank));
  std::sort(axes.begin(), axes.end());
  const bool twice = std::adjacent_find(axes.begin(), axes.end()) != axes.end();
  if (axes.empty() || twice || axes.front() < 0) return refusal("which sides is not known");
  return axes;
}

Status set_channels(LayerDraft& draft, Operation operation, const char* type, int channels) {
  if (draft.input_shape().size() == 3) return refusal("does not read an image's planes");
  draft.keep_shape();
  draft.layer.operation = operation;
  draft.layer.description.type = type;
  draft.layer.places[2] = draft.layer.description.shape[1] = channels;
  return {};
}

// Of a Slice of one axis. Bounds count from the back when negative, and stop at the end.
struct Range {
  int64_t first = 0;
  int64_t end = 0;
};

Range clamped(Range range, int64_t size) {
  for (int64_t* const bound : {&range.first, &range.end}) {
    if (*bound < 0) *bound += size;  // no overflow: the smallest number becomes larger
    *bound = std::clamp<int64_t>(*bound, 0, size);
  }
  return range;
}

}  // namespace

Status fill_flatten(LayerDraft& draft) {
  const Shape& before = draft.input_shape();
  if (axis_at(integer_attribute(draft.node.node(), "axis", 1), before.size()) != 1) return refusal("from another axis");
  return set_view(draft, "Flatten", {1, std::accumulate(before.begin(), before.end(), 1, std::multiplies<>())});
}

Status fill_reshape(LayerDraft& draft) {
  const auto target = draft.node.integers("shape", 1, 5);
  if (!target.ok()) return target.error();
  const Shape& before = draft.input_shape();
  if (!*target || (*target)->size() > 4) return refusal("to what is not known");
  const bool zero_is_zero = integer_attribute(draft.node.node(), "allowzero", 0) != 0;
  const int64_t count = std::accumulate(before.begin(), before.end(), int64_t{1}, std::multiplies<>());
  int64_t known = 1;
  Shape after;
  size_t open_at = 4;
  for (size_t i = 0; i < (*target)->size(); ++i) {
    int64_t size = (**target)[i];
    if (size == 0 && !zero_is_zero && i < before.size()) size = before[i];
    if (size == -1 && open_at < 4) return refusal("to what is not known");
    if (size == -1) open_at = i;
    if (size < -1 || size == 0 || size > count) return refusal("to what is not known");
    after.push_back(static_cast<int>(size));
    if (size > 0) known *= size;
    if (known > count) return refusal("to what is not known");
  }
  if (open_at < 4) after[open_at] = static_cast<int>(count / known);
  return set_view(draft, "Reshape", after);
}

Status fill_squeeze(LayerDraft& draft) {
  Shape shape = draft.input_shape();
  const auto axes = axes_of(draft, shape.size());
  if (!axes.ok()) return axes.error();
  for (auto axis = axes->rbegin(); axis != axes->rend(); ++axis) {
    if (shape[static_cast<size_t>(*axis)] != 1) return refusal("a side is not 1");
    shape.erase(shape.begin() + *axis);
  }
  return set_view(draft, "Reshape", shape);
}

Status fill_unsqueeze(LayerDraft& draft) {
  Shape shape = draft.input_shape();
  const auto given = draft.node.integers("axes", 1, 13);
  const size_t added = given.ok() && *given ? (*given)->size() : 0;
  if (added > 4) return refusal("which sides is not known");
  const auto axes = axes_of(draft, shape.size() + added);
  if (!axes.ok()) return axes.error();
  for (const int axis : *axes)
    shape.insert(shape.begin() + axis, 1);
  return set_view(draft, "Reshape", shape);
}

// Only one that moves sides of 1 about.
Status fill_transpose(LayerDraft& draft) {
  const Shape& before = draft.input_shape();
  std::vector<int64_t> order(before.size());
  std::iota(order.rbegin(), order.rend(), int64_t{0});
  order = integers_attribute(draft.node.node(), "perm", order);
  Shape after;
  for (const int64_t axis : order) {
    if (axis < 0 || axis >= static_cast<int64_t>(before.size())) return refusal("in an order that is not known");
    after.push_back(before[static_cast<size_t>(axis)]);
  }
  std::vector<int64_t> moved = order;
  std::erase_if(moved, [&](int64_t axis) { return before[static_cast<size_t>(axis)] == 1; });
  std::sort(order.begin(), order.end());
  const bool all = order.size() == before.size() && std::adjacent_find(order.begin(), order.end()) == order.end();
  if (!all || !std::is_sorted(moved.begin(), moved.end())) return refusal("turns the image");
  return set_view(draft, "Permute", after);
}

Status fill_concat(LayerDraft& draft) {
  const OnnxNode& node = draft.node.node();
  const size_t rank = draft.input_shape().size();
  if (draft.node.opset() >= 4 && !has_attribute(node, "axis")) return refusal("along which axis is not said");
  if (axis_at(integer_attribute(node, "axis", 1), rank) != 1) return refusal("along another axis than the channels");
  if (draft.inputs.size() != node.inputs.size()) return refusal("reads constants");
  int channels = 0;
  for (const GraphLayer* const input : draft.inputs) {
    Shape fits = input->description.shape;
    channels += input->places[2];
    if (fits.size() != rank || channels > kMaxSide) return refusal("its layers do not fit together");
    fits[1] = draft.input_shape()[1];
    if (fits != draft.input_shape()) return refusal("its layers do not fit together");
  }
  if (draft.inputs.size() == 1) return set_view(draft, "Identity", draft.input_shape());
  return set_channels(draft, Operation::concat, "Concat", channels);
}

Status fill_gather(LayerDraft& draft) {
  const Shape& before = draft.input_shape();
  const OnnxWeights* const constant = draft.node.constant(1);
  const auto indices = constant == nullptr ? std::nullopt : integers(*constant);
  if (axis_at(integer_attribute(draft.node.node(), "axis", 0), before.size()) != 1)
    return refusal("along another axis than the channels");
  if (before.size() != 4 || !indices || indices->size() != 1 || constant->shape.size() > 1)
    return refusal("takes more than one channel, or which one is not known");
  const int index = axis_at(indices->front(), static_cast<size_t>(before[1]));
  if (index < 0) return refusal("there is no such channel");
  if (const Status set = set_channels(draft, Operation::slice, "Slice", 1); !set.ok()) return set;
  draft.layer.first = index;
  Shape& shape = draft.layer.description.shape;
  if (constant->shape.empty()) shape.erase(shape.begin() + 1);
  return {};
}

Status fill_slice(LayerDraft& draft) {
  const size_t rank = draft.input_shape().size();
  const auto starts = draft.node.integers("starts", 1, 10);
  const auto ends = draft.node.integers("ends", 2, 10);
  const auto axes = draft.node.integers("axes", 3, 10);
  const auto steps = draft.node.integers("steps", 4, 10);
  if (!starts.ok()) return starts.error();
  if (!ends.ok()) return ends.error();
  if (!axes.ok()) return axes.error();
  if (!steps.ok()) return steps.error();
  if (!*starts || !*ends || (*starts)->size() != 1 || (*ends)->size() != 1) return refusal("cuts more than one side");
  const std::vector<int64_t> axis = axes->value_or(std::vector<int64_t>{0});
  if (axis.size() != 1 || axis_at(axis[0], rank) != 1) return refusal("along another axis than the channels");
  if (steps->value_or(std::vector<int64_t>{1}) != std::vector<int64_t>{1}) return refusal("leaves some out");
  const Range range = clamped({(*starts)->front(), (*ends)->front()}, draft.input_shape()[1]);
  if (range.first >= range.end) return refusal("nothing is left");
  draft.layer.first = static_cast<int>(range.first);
  return set_channels(draft, Operation::slice, "Slice", static_cast<int>(range.end - range.first));
}

}  // namespace lookalike

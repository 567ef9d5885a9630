#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "core/vision/onnx/node_layers.h"

namespace lookalike {
namespace {

template <size_t kCount>
bool read_sides(const OnnxNode& node, std::string_view name, int least, std::array<int, kCount>& sides) {
  const auto values = integers_attribute(node, name, {sides.begin(), sides.end()});
  if (values.size() != kCount) return false;
  for (size_t i = 0; i < kCount; ++i) {
    if (values[i] < least || values[i] > kMaxSide) return false;
    sides[i] = static_cast<int>(values[i]);
  }
  return true;
}

// How many places a window covers along one side, holes included.
int64_t reach_of(const Window& window, size_t side) {
  return int64_t{window.dilations[side]} * (window.kernel[side] - 1) + 1;
}

int64_t padded_size(const Window& window, size_t side, int before) {
  return int64_t{before} + window.pads[side] + window.pads[2 + side];
}

// "SAME_UPPER": as many places behind as strides fit in, what is odd of the border at the end; "SAME_LOWER": in front.
// False: the window is absurdly large.
bool pad_same(Window& window, size_t side, int before, bool odd_at_end) {
  const int64_t after = (int64_t{before} + window.strides[side] - 1) / window.strides[side];
  const int64_t wanted = (after - 1) * window.strides[side] + reach_of(window, side) - before;
  if (wanted > kMaxSide) return false;
  const int border = static_cast<int>(std::max<int64_t>(wanted, 0));
  window.pads[side] = odd_at_end ? border / 2 : border - border / 2;
  window.pads[2 + side] = border - window.pads[side];
  return true;
}

Status pad_automatically(const OnnxNode& node, const std::array<int, 3>& before, Window& window) {
  const std::string_view automatic = text_attribute(node, "auto_pad");
  if (automatic.empty() || automatic == "NOTSET") return {};
  if (window.pads != std::array<int, 4>{0, 0, 0, 0}) return refusal("has pads, and pads by itself");
  if (automatic == "VALID") return {};
  if (automatic != "SAME_UPPER" && automatic != "SAME_LOWER") return refusal("pads in a way that is not known");
  for (size_t side = 0; side < 2; ++side) {
    if (!pad_same(window, side, before[side], automatic == "SAME_UPPER")) return refusal("its window is not known");
  }
  return {};
}

// A border at the end, so that a last window that is cut off counts as one. Torch leaves out one that would begin
// behind the image, older ONNX does not: those are refused.
Status round_up(Window& window, const std::array<int, 3>& before, bool counts_border) {
  for (size_t side = 0; side < 2; ++side) {
    const int64_t steps = padded_size(window, side, before[side]) - reach_of(window, side);
    if (steps < 0) continue;  // refused by who asked
    const int64_t missing = (window.strides[side] - steps % window.strides[side]) % window.strides[side];
    if (missing != 0 && counts_border) return refusal("rounds sizes up and counts the border");
    window.pads[2 + side] += static_cast<int>(missing);
  }
  return {};
}

bool sees_the_image(const Window& window, size_t side, int before, int after) {
  return reach_of(window, side) > window.pads[side] &&
         int64_t{after - 1} * window.strides[side] < int64_t{window.pads[side]} + before;
}

Status check_pool(const LayerDraft& draft) {
  const Window& window = draft.layer.window;
  if (window.dilations != std::array<int, 2>{1, 1}) return refusal("its window has holes");
  for (size_t i = 1; i < draft.node.node().outputs.size(); ++i) {
    if (!draft.node.node().outputs[i].empty()) return refusal("gives more than its values");
  }
  for (size_t side = 0; side < 2; ++side) {
    if (!sees_the_image(window, side, draft.input().places[side], draft.layer.places[side]))
      return refusal("a window of it would be outside the image");
  }
  return {};
}

std::optional<std::vector<int>> sorted_axes(const std::vector<int64_t>& given, size_t rank) {
  std::vector<int> axes;
  for (const int64_t axis : given) {
    axes.push_back(axis_at(axis, rank));
    if (axes.back() < 0) return std::nullopt;
  }
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end()) return std::nullopt;
  return axes;
}

void cover_all_places(LayerDraft& draft) {
  const std::array<int, 3>& before = draft.input().places;
  draft.layer.window = {.kernel = {before[0], before[1]}, .strides = {before[0], before[1]}};
  draft.set_planes(1, 1, before[2]);
}

// All places of each channel, to 1 x C x 1 x 1 or 1 x C.
Status reduce_places(LayerDraft& draft, const std::string& operation, bool keeps_sides) {
  if (operation == "ReduceSum") return refusal("sums over places");
  draft.layer.description.type = "Pooling";
  cover_all_places(draft);
  draft.layer.operation = operation == "ReduceMean" ? Operation::average_pool : Operation::max_pool;
  if (draft.input().places[0] * draft.input().places[1] == 1) draft.layer.operation = Operation::pass;
  if (!keeps_sides) draft.layer.description.shape.resize(2);
  return {};
}

// All channels of each place.
Status reduce_channels(LayerDraft& draft, const std::string& operation, bool keeps_sides) {
  if (operation == "ReduceMax") return refusal("takes the largest of the channels");
  if (!keeps_sides) return refusal("takes the channels away");
  const std::array<int, 3>& before = draft.input().places;
  draft.layer.description.type = "Reduce";
  draft.layer.operation = Operation::channel_sum;
  draft.layer.value = operation == "ReduceMean" ? 1.0f / static_cast<float>(before[2]) : 1.0f;
  draft.set_planes(before[0], before[1], 1);
  if (draft.input_shape().size() == 2) draft.layer.description.shape = {1, 1};
  return {};
}

}  // namespace

Status place_window(LayerDraft& draft) {
  const OnnxNode& node = draft.node.node();
  const std::array<int, 3>& before = draft.input().places;
  if (draft.input_shape().size() != 4) return refusal("does not read an image's planes");
  Window& window = draft.layer.window;
  if (!read_sides(node, "kernel_shape", 1, window.kernel) || !read_sides(node, "strides", 1, window.strides) ||
      !read_sides(node, "dilations", 1, window.dilations) || !read_sides(node, "pads", 0, window.pads)) {
    return refusal("its window is not known");
  }
  if (const Status padded = pad_automatically(node, before, window); !padded.ok()) return padded;
  if (integer_attribute(node, "ceil_mode", 0) != 0) {
    if (const Status rounded = round_up(window, before, draft.layer.counts_border); !rounded.ok()) return rounded;
  }
  std::array<int, 2> after{};
  for (size_t side = 0; side < 2; ++side) {
    const int64_t steps = padded_size(window, side, before[side]) - reach_of(window, side);
    if (steps < 0) return refusal("its window is larger than what it reads");
    after[side] = static_cast<int>(steps / window.strides[side]) + 1;
  }
  draft.set_planes(after[0], after[1], before[2]);
  return {};
}

Status fill_pool(LayerDraft& draft) {
  const OnnxNode& node = draft.node.node();
  const bool average = node.operation == "AveragePool";
  GraphLayer& layer = draft.layer;
  layer.description.type = "Pooling";
  layer.operation = average ? Operation::average_pool : Operation::max_pool;
  if (draft.inputs.size() != 1) return refusal("reads more than one layer");
  if (!has_attribute(node, "kernel_shape")) return refusal("its window is not known");
  layer.counts_border = average && integer_attribute(node, "count_include_pad", 0) != 0;
  if (const Status placed = place_window(draft); !placed.ok()) return placed;
  if (const Status checked = check_pool(draft); !checked.ok()) return checked;
  if (layer.window.kernel != std::array<int, 2>{1, 1}) return {};
  if (layer.places != draft.input().places) return refusal("its window is a single place");
  layer.operation = Operation::pass;
  return {};
}

Status fill_global_pool(LayerDraft& draft) {
  if (draft.input_shape().size() != 4) return refusal("does not read an image's planes");
  return reduce_places(draft, draft.node.node().operation == "GlobalMaxPool" ? "ReduceMax" : "ReduceMean", true);
}

Status fill_reduction(LayerDraft& draft) {
  const std::string& operation = draft.node.node().operation;
  const auto given = draft.node.integers("axes", 1, operation == "ReduceSum" ? 13 : 18);
  if (!given.ok()) return given.error();
  // Without axes all of them are meant, or none at all by an attribute that came together with the input.
  if (!*given || (*given)->empty()) return refusal("over all axes at once");
  const size_t rank = draft.input_shape().size();
  const auto axes = sorted_axes(**given, rank);
  const bool keeps_sides = integer_attribute(draft.node.node(), "keepdims", 1) != 0;
  if (axes == std::vector{2, 3} && rank == 4) return reduce_places(draft, operation, keeps_sides);
  if (axes == std::vector{1} && rank != 3) return reduce_channels(draft, operation, keeps_sides);
  return refusal("over other axes than the places or the channels");
}

Status fill_pad(LayerDraft& draft) {
  const OnnxNodeReader& node = draft.node;
  const std::string_view mode = text_attribute(node.node(), "mode");
  if (!mode.empty() && mode != "constant") return refusal("fills with other values than a constant");
  if (node.opset() < 2 || draft.input_shape().size() != 4) return refusal("does not read an image's planes");
  if (node.reads(3)) return refusal("pads some axes only");
  if (node.opset() >= 11 && has_attribute(node.node(), "value"))
    return refusal("its value is an attribute, which its opset reads as an input");
  const auto pads = node.integers("pads", 1, 11);
  if (!pads.ok()) return pads.error();
  const auto fill = node.number(node.opset() < 11 ? "value" : "constant_value", 2, 11);
  if (!fill.ok()) return fill.error();
  if (!*pads || (*pads)->size() != 8) return refusal("its pads are not two for each axis");
  const std::vector<int64_t>& sides = **pads;  // begins of the four axes, then ends
  const bool small = std::all_of(sides.begin(), sides.end(), [](int64_t pad) { return pad >= 0 && pad <= kMaxSide; });
  if (!small || sides[0] != 0 || sides[1] != 0 || sides[4] != 0 || sides[5] != 0)
    return refusal("pads channels, or cuts");
  const std::array<int, 3>& before = draft.input().places;
  GraphLayer& layer = draft.layer;
  layer.operation = Operation::pad;
  layer.description.type = "Padding";
  layer.value = fill->value_or(0);
  for (size_t side = 0; side < 2; ++side) {
    layer.window.pads[side] = static_cast<int>(sides[2 + side]);
    layer.window.pads[2 + side] = static_cast<int>(sides[6 + side]);
  }
  const auto& [top, left, bottom, right] = layer.window.pads;
  draft.set_planes(before[0] + top + bottom, before[1] + left + right, before[2]);
  if (layer.places == before) layer.operation = Operation::pass;
  return {};
}

}  // namespace lookalike

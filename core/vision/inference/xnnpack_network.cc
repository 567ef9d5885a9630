// How a plan is run where XNNPACK cannot do all of it.
//
// XNNPACK takes a subgraph of steps and decides itself where the values between them lie. The version of Debian 12 can
// neither put channels side by side (concat) nor take some of them (slice). So the plan is cut at each such step. What
// lies between two cuts is one subgraph; a cut itself is a copy by a plain loop, one place after the other.
//
// A value has to lie in memory of ours, an external value, when it passes a cut or is the start or the end. All others
// stay inside XNNPACK. allocate() finds out which: those that a later piece reads, and those that a copy gives.
//
// Example: five steps, of which the fourth is a concat.
//     value 0                     the start                        external
//     value 1 = convolution(0)    read by the second piece, too    external
//     value 2 = convolution(1)    read by 3 alone                  inside
//     value 3 = max_pool(2)       read by the concat               external
//     value 4 = concat(1, 3)      made by a copy                   external
//     value 5 = convolution(4)    the end                          external
// There are three pieces: steps 1 to 3, the copy, step 5. Each image costs two calls of XNNPACK and one copy.
#include "core/vision/inference/xnnpack_network.h"

#include <sys/mman.h>
#include <xnnpack.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace lookalike {
namespace {

template <typename Handle, xnn_status (*kDelete)(Handle)>
struct Deleter {
  void operator()(Handle handle) const { kDelete(handle); }
};
using Subgraph = std::unique_ptr<xnn_subgraph, Deleter<xnn_subgraph_t, xnn_delete_subgraph>>;
using Runtime = std::unique_ptr<xnn_runtime, Deleter<xnn_runtime_t, xnn_delete_runtime>>;

size_t value_count(const std::array<size_t, 3>& shape) {
  return shape[0] * shape[1] * shape[2];
}

Error error(const std::string& what) {
  return {ErrorCode::model, "XNNPACK: " + what};
}

uint32_t unsigned_of(int value) {
  return static_cast<uint32_t>(value);
}

// Done here, between what XNNPACK runs.
bool is_copying(const PlanStep& step) {
  return step.operation == Operation::concat || step.operation == Operation::slice;
}

// Steps next to each other as nodes of a subgraph. Every call may refuse; the first refusal is kept.
class SubgraphBuilder {
 public:
  // `is_outside`: by value, whether it comes from outside of these steps or is wanted there. Such values have their own
  // numbers as external ids.
  SubgraphBuilder(const NetworkPlan& plan, std::span<const PlanStep> steps, const std::vector<bool>& is_outside)
      : plan_(plan), steps_(steps), is_outside_(is_outside), ids_(is_outside.size(), XNN_INVALID_VALUE_ID) {
    xnn_subgraph_t subgraph = nullptr;
    keep(xnn_create_subgraph(static_cast<uint32_t>(is_outside.size()), 0, &subgraph));
    subgraph_.reset(subgraph);
  }

  Result<Subgraph> build() {
    const size_t first = static_cast<size_t>(steps_.data() - plan_.steps.data()) + 1;  // the first value made here
    for (const PlanStep& step : steps_) {
      for (const size_t input : step.inputs) {
        if (input < first && ids_[input] == XNN_INVALID_VALUE_ID)
          ids_[input] = define_value(input, XNN_VALUE_FLAG_EXTERNAL_INPUT);
      }
    }
    for (size_t i = 0; i < steps_.size(); ++i) {
      ids_[first + i] = define_value(first + i, is_outside_[first + i] ? XNN_VALUE_FLAG_EXTERNAL_OUTPUT : 0);
      if (status_ == xnn_status_success) keep(define_node(steps_[i], ids_[first + i]));
    }
    if (status_ != xnn_status_success) return error("cannot run this network (status " + std::to_string(status_) + ")");
    return std::move(subgraph_);
  }

  // Whether the steps read or give it from or to outside.
  bool is_external(size_t value) const { return is_outside_[value] && ids_[value] != XNN_INVALID_VALUE_ID; }

 private:
  void keep(xnn_status status) {
    if (status_ == xnn_status_success) status_ = status;
  }

  uint32_t define_tensor(std::span<const size_t> dims, const float* data, uint32_t external, uint32_t flags) {
    uint32_t id = XNN_INVALID_VALUE_ID;
    if (status_ == xnn_status_success)
      keep(xnn_define_tensor_value(subgraph_.get(), xnn_datatype_fp32, dims.size(), dims.data(), data, external, flags,
                                   &id));
    return id;
  }

  uint32_t define_value(size_t value, uint32_t flags) {
    const std::array<size_t, 3>& shape = shape_of(value);
    const std::array<size_t, 4> dims{1, shape[0], shape[1], shape[2]};
    return define_tensor(dims, nullptr, flags == 0 ? XNN_INVALID_VALUE_ID : static_cast<uint32_t>(value), flags);
  }

  xnn_status define_node(const PlanStep& step, uint32_t output) {
    const uint32_t input = ids_[step.inputs[0]];
    const Bounds& bounds = step.bounds;
    xnn_subgraph_t const subgraph = subgraph_.get();
    switch (step.operation) {
      case Operation::convolution: return define_convolution(step, input, output);
      case Operation::max_pool:
      case Operation::average_pool: return define_pool(step, input, output);
      case Operation::add:
        return xnn_define_add2(subgraph, bounds.low, bounds.high, input, ids_[step.inputs[1]], output, 0);
      case Operation::multiply:
        return xnn_define_multiply2(subgraph, bounds.low, bounds.high, input, ids_[step.inputs[1]], output, 0);
      case Operation::pad: return define_pad(step, input, output);
      case Operation::activation: return xnn_define_clamp(subgraph, bounds.low, bounds.high, input, output, 0);
      case Operation::leaky_relu: return xnn_define_leaky_relu(subgraph, step.value, input, output, 0);
      case Operation::sigmoid: return xnn_define_sigmoid(subgraph, input, output, 0);
      case Operation::hard_swish: return xnn_define_hardswish(subgraph, input, output, 0);
      case Operation::softmax: return xnn_define_softmax(subgraph, input, output, 0);
      case Operation::image:
      case Operation::batch_norm:
      case Operation::channel_sum:
      case Operation::slice:
      case Operation::concat:
      case Operation::pass: break;
    }
    return xnn_status_invalid_parameter;
  }

  xnn_status define_pad(const PlanStep& step, uint32_t input, uint32_t output) {
    const auto& [top, left, bottom, right] = step.window.pads;
    const std::array<size_t, 4> before{0, static_cast<size_t>(top), static_cast<size_t>(left), 0};
    const std::array<size_t, 4> behind{0, static_cast<size_t>(bottom), static_cast<size_t>(right), 0};
    return xnn_define_static_constant_pad(subgraph_.get(), before.data(), behind.data(), step.value, input, output, 0);
  }

  const std::array<size_t, 3>& shape_of(size_t value) const {
    return value == 0 ? plan_.start_shape : plan_.steps[value - 1].shape;
  }

  xnn_status define_convolution(const PlanStep& step, uint32_t input, uint32_t output) {
    const size_t channels = shape_of(step.inputs[0])[2];
    const size_t outputs = step.shape[2];
    const auto groups = static_cast<size_t>(step.groups);
    const Window& window = step.window;
    const std::array<size_t, 4> filter{step.depthwise ? 1 : outputs, static_cast<size_t>(window.kernel[0]),
                                       static_cast<size_t>(window.kernel[1]),
                                       step.depthwise ? outputs : channels / groups};
    const uint32_t weights = define_tensor(filter, step.weights.data(), XNN_INVALID_VALUE_ID, 0);
    const uint32_t bias = define_tensor({&outputs, 1}, step.bias.data(), XNN_INVALID_VALUE_ID, 0);
    const auto& [top, left, bottom, right] = window.pads;
    if (status_ != xnn_status_success) return status_;
    if (step.depthwise)
      return xnn_define_depthwise_convolution_2d(
          subgraph_.get(), unsigned_of(top), unsigned_of(right), unsigned_of(bottom), unsigned_of(left),
          unsigned_of(window.kernel[0]), unsigned_of(window.kernel[1]), unsigned_of(window.strides[0]),
          unsigned_of(window.strides[1]), unsigned_of(window.dilations[0]), unsigned_of(window.dilations[1]),
          static_cast<uint32_t>(outputs / channels), channels, step.bounds.low, step.bounds.high, input, weights, bias,
          output, 0);
    return xnn_define_convolution_2d(subgraph_.get(), unsigned_of(top), unsigned_of(right), unsigned_of(bottom),
                                     unsigned_of(left), unsigned_of(window.kernel[0]), unsigned_of(window.kernel[1]),
                                     unsigned_of(window.strides[0]), unsigned_of(window.strides[1]),
                                     unsigned_of(window.dilations[0]), unsigned_of(window.dilations[1]),
                                     unsigned_of(step.groups), channels / groups, outputs / groups, step.bounds.low,
                                     step.bounds.high, input, weights, bias, output, 0);
  }

  xnn_status define_pool(const PlanStep& step, uint32_t input, uint32_t output) {
    const std::array<size_t, 3>& before = shape_of(step.inputs[0]);
    const Window& window = step.window;
    const Bounds& bounds = step.bounds;
    const auto& [top, left, bottom, right] = window.pads;
    if (step.operation == Operation::max_pool)
      return xnn_define_max_pooling_2d(subgraph_.get(), unsigned_of(top), unsigned_of(right), unsigned_of(bottom),
                                       unsigned_of(left), unsigned_of(window.kernel[0]), unsigned_of(window.kernel[1]),
                                       unsigned_of(window.strides[0]), unsigned_of(window.strides[1]), 1, 1, bounds.low,
                                       bounds.high, input, output, 0);
    const bool whole = static_cast<size_t>(window.kernel[0]) == before[0] &&
                       static_cast<size_t>(window.kernel[1]) == before[1] && top + left + bottom + right == 0;
    if (whole) return xnn_define_global_average_pooling_2d(subgraph_.get(), bounds.low, bounds.high, input, output, 0);
    return xnn_define_average_pooling_2d(subgraph_.get(), unsigned_of(top), unsigned_of(right), unsigned_of(bottom),
                                         unsigned_of(left), unsigned_of(window.kernel[0]),
                                         unsigned_of(window.kernel[1]), unsigned_of(window.strides[0]),
                                         unsigned_of(window.strides[1]), bounds.low, bounds.high, input, output, 0);
  }

  const NetworkPlan& plan_;
  std::span<const PlanStep> steps_;
  const std::vector<bool>& is_outside_;
  Subgraph subgraph_;
  std::vector<uint32_t> ids_;  // by the plan's numbers
  xnn_status status_ = xnn_status_success;
};

class BuiltNetwork final : public XnnpackNetwork {
 public:
  explicit BuiltNetwork(std::shared_ptr<const NetworkPlan> plan) : plan_(std::move(plan)) {}

  Status create() {
    cut();
    allocate();
    for (Piece& piece : pieces_) {
      if (is_copying(piece.steps[0])) continue;
      if (const Status created = create_runtime(piece); !created.ok()) return created;
    }
    return {};
  }

  std::span<float> input() override { return std::span(buffers_[0]).first(size_of(0)); }

  Result<std::span<const float>> run() override {
    for (const Piece& piece : pieces_) {
      if (piece.runtime == nullptr)
        copy_channels(piece.steps[0], value_behind(piece));
      else if (xnn_invoke_runtime(piece.runtime.get()) != xnn_status_success)
        return error("failed");
    }
    const size_t last = plan_->steps.size();
    return std::span<const float>(buffers_[last]).first(size_of(last));
  }

 private:
  struct Piece {
    std::span<const PlanStep> steps;  // one that copies, or any number that XNNPACK runs
    Runtime runtime;
  };

  const std::array<size_t, 3>& shape_of(size_t value) const {
    return value == 0 ? plan_->start_shape : plan_->steps[value - 1].shape;
  }
  size_t size_of(size_t value) const { return value_count(shape_of(value)); }

  // The number of the value that its last step gives.
  size_t value_behind(const Piece& piece) const {
    return static_cast<size_t>(piece.steps.data() - plan_->steps.data()) + piece.steps.size();
  }

  void cut() {
    const std::span<const PlanStep> all(plan_->steps);
    for (size_t start = 0; start < all.size();) {
      size_t end = start + 1;
      while (end < all.size() && !is_copying(all[start]) && !is_copying(all[end]))
        ++end;
      pieces_.push_back({.steps = all.subspan(start, end - start), .runtime = nullptr});
      start = end;
    }
  }

  // Memory for the values that pass from one piece to another. Kernels may read past the end of what they are given, by
  // so many bytes and never to any effect.
  void allocate() {
    is_outside_.assign(plan_->steps.size() + 1, false);
    is_outside_.front() = is_outside_.back() = true;
    for (const Piece& piece : pieces_) {
      const size_t end = value_behind(piece) + 1;
      const size_t first = end - piece.steps.size();
      for (const PlanStep& step : piece.steps) {
        for (const size_t input : step.inputs)
          is_outside_[input] = is_outside_[input] || input < first;
      }
      if (is_copying(piece.steps[0])) is_outside_[first] = true;
    }
    buffers_.resize(is_outside_.size());
    for (size_t value = 0; value < buffers_.size(); ++value) {
      if (is_outside_[value]) buffers_[value].resize(size_of(value) + XNN_EXTRA_BYTES / sizeof(float));
    }
  }

  Status create_runtime(Piece& piece) {
    SubgraphBuilder builder(*plan_, piece.steps, is_outside_);
    const auto subgraph = builder.build();
    if (!subgraph.ok()) return subgraph.error();
    xnn_runtime_t runtime = nullptr;
    if (xnn_create_runtime_v2(subgraph->get(), nullptr, 0, &runtime) != xnn_status_success)
      return error("cannot prepare this network");
    piece.runtime.reset(runtime);
    if (!working_memory_can_be_had()) return error("needs more memory than can be had");
    std::vector<xnn_external_value> values;
    for (size_t value = 0; value < buffers_.size(); ++value) {
      if (builder.is_external(value)) values.push_back({static_cast<uint32_t>(value), buffers_[value].data()});
    }
    if (xnn_setup_runtime(runtime, values.size(), values.data()) != xnn_status_success)
      return error("cannot set up this network");
    return {};
  }

  // Concat: all channels of each input, one after the other. Slice: some of the input's.
  void copy_channels(const PlanStep& step, size_t output) {
    const size_t places = step.shape[0] * step.shape[1];
    const size_t channels = step.shape[2];
    size_t behind = 0;
    for (const size_t input : step.inputs) {
      const size_t width = shape_of(input)[2];
      const size_t taken = step.operation == Operation::slice ? channels : width;
      const float* from = buffers_[input].data() + step.first;
      float* to = buffers_[output].data() + behind;
      for (size_t place = 0; place < places; ++place, from += width, to += channels)
        std::copy_n(from, taken, to);
      behind += taken;
    }
  }

  // The library does not look whether it got its own. More than all results together it cannot want.
  bool working_memory_can_be_had() const {
    size_t bytes = XNN_EXTRA_BYTES;
    for (const PlanStep& step : plan_->steps)
      bytes += value_count(step.shape) * sizeof(float);
    void* const probe = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) return false;
    ::munmap(probe, bytes);
    return true;
  }

  std::shared_ptr<const NetworkPlan> plan_;  // the runtimes may look at its weights as long as they live
  std::vector<Piece> pieces_;
  std::vector<bool> is_outside_;             // by value: it passes from one piece to another, or in or out
  std::vector<std::vector<float>> buffers_;  // of such values
};

}  // namespace

Result<std::unique_ptr<XnnpackNetwork>> XnnpackNetwork::build(std::shared_ptr<const NetworkPlan> plan) {
  if (plan->steps.empty()) return error("there is nothing to compute");
  if (xnn_initialize(nullptr) != xnn_status_success) return error("does not run on this processor");
  auto network = std::make_unique<BuiltNetwork>(std::move(plan));
  if (const Status created = network->create(); !created.ok()) return created.error();
  return std::unique_ptr<XnnpackNetwork>(std::move(network));
}

}  // namespace lookalike

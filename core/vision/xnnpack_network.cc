#include "core/vision/xnnpack_network.h"

#include <sys/mman.h>
#include <xnnpack.h>

#include <cmath>
#include <string>
#include <utility>

namespace lookalike {
namespace {

constexpr uint32_t kInput = 0;
constexpr uint32_t kOutput = 1;

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

// The plan's steps as nodes of a subgraph. Every call may refuse; the first refusal is kept.
class SubgraphBuilder {
 public:
  explicit SubgraphBuilder(const NetworkPlan& plan) : plan_(plan) {
    xnn_subgraph_t subgraph = nullptr;
    keep(xnn_create_subgraph(2, 0, &subgraph));
    subgraph_.reset(subgraph);
  }

  Result<Subgraph> build() {
    values_.push_back(define_value(plan_.start_shape, kInput, XNN_VALUE_FLAG_EXTERNAL_INPUT));
    for (const PlanStep& step : plan_.steps) {
      const bool last = &step == &plan_.steps.back();
      values_.push_back(last ? define_value(step.shape, kOutput, XNN_VALUE_FLAG_EXTERNAL_OUTPUT)
                             : define_value(step.shape, XNN_INVALID_VALUE_ID, 0));
      if (status_ == xnn_status_success) keep(define_node(step, values_.back()));
    }
    if (status_ != xnn_status_success) return error("cannot run this network (status " + std::to_string(status_) + ")");
    return std::move(subgraph_);
  }

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

  uint32_t define_value(const std::array<size_t, 3>& shape, uint32_t external, uint32_t flags) {
    const std::array<size_t, 4> dims{1, shape[0], shape[1], shape[2]};
    return define_tensor(dims, nullptr, external, flags);
  }

  xnn_status define_node(const PlanStep& step, uint32_t output) {
    const uint32_t input = values_[step.inputs[0]];
    const Bounds& bounds = step.bounds;
    switch (step.operation) {
      case Operation::convolution: return define_convolution(step, input, output);
      case Operation::max_pool:
      case Operation::average_pool: return define_pool(step, input, output);
      case Operation::add:
        return xnn_define_add2(subgraph_.get(), bounds.low, bounds.high, input, values_[step.inputs[1]], output, 0);
      case Operation::activation: return xnn_define_clamp(subgraph_.get(), bounds.low, bounds.high, input, output, 0);
      case Operation::softmax: return xnn_define_softmax(subgraph_.get(), input, output, 0);
      case Operation::image:
      case Operation::batch_norm:
      case Operation::pass: break;
    }
    return xnn_status_invalid_parameter;
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
    const bool whole =
        static_cast<size_t>(window.kernel[0]) == before[0] && static_cast<size_t>(window.kernel[1]) == before[1];
    if (whole) return xnn_define_global_average_pooling_2d(subgraph_.get(), bounds.low, bounds.high, input, output, 0);
    return xnn_define_average_pooling_2d(subgraph_.get(), 0, 0, 0, 0, unsigned_of(window.kernel[0]),
                                         unsigned_of(window.kernel[1]), unsigned_of(window.strides[0]),
                                         unsigned_of(window.strides[1]), bounds.low, bounds.high, input, output, 0);
  }

  const NetworkPlan& plan_;
  Subgraph subgraph_;
  std::vector<uint32_t> values_;  // ids, by the plan's numbers
  xnn_status status_ = xnn_status_success;
};

class BuiltNetwork final : public XnnpackNetwork {
 public:
  // Kernels may read past the end of what they are given, by so many bytes and never to any effect.
  explicit BuiltNetwork(NetworkPlan plan)
      : plan_(std::move(plan)),
        input_(value_count(plan_.start_shape) + XNN_EXTRA_BYTES / sizeof(float)),
        output_(value_count(plan_.steps.back().shape) + XNN_EXTRA_BYTES / sizeof(float)) {}

  Status create_runtime() {
    auto subgraph = SubgraphBuilder(plan_).build();
    if (!subgraph.ok()) return subgraph.error();
    xnn_runtime_t runtime = nullptr;
    if (xnn_create_runtime_v2(subgraph->get(), nullptr, 0, &runtime) != xnn_status_success)
      return error("cannot prepare this network");
    runtime_.reset(runtime);
    if (!working_memory_can_be_had()) return error("needs more memory than can be had");
    const std::array<xnn_external_value, 2> values{{{kInput, input_.data()}, {kOutput, output_.data()}}};
    if (xnn_setup_runtime(runtime, values.size(), values.data()) != xnn_status_success)
      return error("cannot set up this network");
    return {};
  }

  std::span<float> input() override { return std::span(input_).first(value_count(plan_.start_shape)); }

  Result<std::span<const float>> run() override {
    if (xnn_invoke_runtime(runtime_.get()) != xnn_status_success) return error("failed");
    return std::span<const float>(output_).first(value_count(plan_.steps.back().shape));
  }

 private:
  // The library does not look whether it got its own. More than all results together it cannot want.
  bool working_memory_can_be_had() const {
    size_t bytes = XNN_EXTRA_BYTES;
    for (const PlanStep& step : plan_.steps)
      bytes += value_count(step.shape) * sizeof(float);
    void* const probe = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED) return false;
    ::munmap(probe, bytes);
    return true;
  }

  NetworkPlan plan_;  // the runtime may look at its weights as long as it lives
  std::vector<float> input_;
  std::vector<float> output_;
  Runtime runtime_;
};

}  // namespace

Result<std::unique_ptr<XnnpackNetwork>> XnnpackNetwork::build(NetworkPlan plan) {
  if (plan.steps.empty()) return error("there is nothing to compute");
  if (xnn_initialize(nullptr) != xnn_status_success) return error("does not run on this processor");
  auto network = std::make_unique<BuiltNetwork>(std::move(plan));
  if (const Status created = network->create_runtime(); !created.ok()) return created.error();
  return std::unique_ptr<XnnpackNetwork>(std::move(network));
}

}  // namespace lookalike

#include "tests/support/tiny_network.h"

#include <cassert>
#include <cmath>
#include <fstream>
#include <vector>

#include "core/base/random.h"
#include "tests/support/onnx_writer.h"

namespace lookalike {
namespace {

struct Convolution {
  std::string name;
  int64_t inputs = 0;
  int64_t outputs = 0;
  int64_t kernel = 1;
  int64_t stride = 1;
};

// Weights of a spread that keeps the values' size from layer to layer.
std::vector<float> weights(Random& random, const Convolution& layer) {
  const int64_t fan_in = layer.inputs * layer.kernel * layer.kernel;
  std::vector<float> values(static_cast<size_t>(layer.outputs * fan_in));
  const double spread = std::sqrt(6.0 / static_cast<double>(fan_in));
  for (float& value : values)
    value = static_cast<float>((2 * random.uniform() - 1) * spread);
  return values;
}

std::string add_convolution(OnnxWriter& onnx, Random& random, const Convolution& layer, const std::string& input) {
  const std::string weight = layer.name + "/weights";
  onnx.add_weights(weight, {layer.outputs, layer.inputs, layer.kernel, layer.kernel}, weights(random, layer));
  const int64_t pad = layer.kernel / 2;
  onnx.add_node("Conv", layer.name, {input, weight}, layer.name,
                {{"kernel_shape", std::vector<int64_t>{layer.kernel, layer.kernel}},
                 {"strides", std::vector<int64_t>{layer.stride, layer.stride}},
                 {"pads", std::vector<int64_t>{pad, pad, pad, pad}}});
  return layer.name;
}

std::string add_relu(OnnxWriter& onnx, const std::string& input) {
  onnx.add_node("Relu", input + "/relu", {input}, input + "/relu");
  return input + "/relu";
}

}  // namespace

std::string tiny_network_bytes(const TinyNetwork& options) {
  assert(options.input_size % 4 == 0);
  Random random(1);
  OnnxWriter onnx;
  onnx.add_input("image", {1, 3, options.input_size, options.input_size});
  const auto convolution = [&](const Convolution& layer, const std::string& input) {
    return add_convolution(onnx, random, layer, input);
  };
  std::string at = add_relu(onnx, convolution({"first", 3, 8, 3, 2}, "image"));
  at = add_relu(onnx, convolution({"second", 8, 16, 3, 2}, at));
  at = convolution({"bottleneck", 16, 8}, at);
  at = add_relu(onnx, convolution({"expansion", 8, 32}, at));
  onnx.add_node("GlobalAveragePool", "pool", {at}, "pool");
  at = convolution({"classifier", 32, options.classes}, "pool");
  onnx.add_node("Flatten", "logits", {at}, "logits");
  if (options.softmax) onnx.add_node("Softmax", "probabilities", {"logits"}, "probabilities");
  onnx.add_output(options.softmax ? "probabilities" : "logits", {1, options.classes});
  return onnx.bytes();
}

NetworkSpec write_tiny_network(const std::filesystem::path& folder, const TinyNetwork& options) {
  NetworkSpec spec{.name = "tiny", .path = (folder / options.file).string(), .input_size = options.input_size};
  std::ofstream(spec.path, std::ios::binary) << tiny_network_bytes(options);
  for (int i = 0; i < options.classes; ++i)
    spec.labels.push_back("thing " + std::to_string(i));
  return spec;
}

}  // namespace lookalike

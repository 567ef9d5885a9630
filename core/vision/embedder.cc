#include "core/vision/embedder.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <functional>
#include <numeric>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/dnn/layer.hpp>
#include <span>
#include <utility>

#include "core/vision/class_scores.h"
#include "core/vision/layer_finder.h"
#include "core/vision/onnx_network.h"
#include "core/vision/preprocess.h"

namespace lookalike {
namespace {

int element_count(const std::vector<int>& shape) {
  return std::accumulate(shape.begin(), shape.end(), 1, std::multiplies<>());
}

std::span<const float> values_of(const cv::Mat& blob) {
  return {reinterpret_cast<const float*>(blob.data), blob.total()};
}

bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

// C x H x W to H, W, C.
Embedding channels_last(std::span<const float> values, size_t channels) {
  const size_t places = values.size() / channels;
  Embedding embedding(values.size());
  for (size_t channel = 0; channel < channels; ++channel) {
    const float* const plane = values.data() + channel * places;
    for (size_t place = 0; place < places; ++place)
      embedding[place * channels + channel] = plane[place];
  }
  return embedding;
}

// One score a class, and more than one class.
bool is_classifier(const NetworkLayer& output) {
  return !is_spatial(output.shape) && element_count(output.shape) > 1;
}

class OpenCvEmbedder final : public Embedder {
 public:
  OpenCvEmbedder(NetworkSpec spec, OnnxNetwork network, size_t feature)
      : spec_(std::move(spec)),
        net_(std::move(network.net)),
        feature_(std::move(network.layers[feature])),
        output_(feature == network.output ? feature_ : std::move(network.layers[network.output])),
        preprocessor_(spec_) {
    const int sizes[] = {1, 3, spec_.input_size, spec_.input_size};
    input_.create(4, sizes, CV_32F);
  }

  const NetworkSpec& spec() const override { return spec_; }
  int dimensions() const override { return element_count(feature_.shape); }

  Result<Embedding> embed(const Image& image) override {
    const auto blobs = forward(image, {feature_.full_name});
    if (!blobs.ok()) return blobs.error();
    return to_embedding((*blobs)[0]);
  }

  Result<Description> describe(const Image& image, int top) override {
    const auto blobs = forward(image, {feature_.full_name, output_.full_name});
    if (!blobs.ok()) return blobs.error();
    auto embedding = to_embedding((*blobs)[0]);
    if (!embedding.ok()) return embedding.error();
    const std::span<const float> scores = values_of((*blobs)[1]);
    if (!all_finite(scores)) return error("gave class scores that are not finite numbers");
    Description description{.embedding = std::move(*embedding), .classes = {}};
    if (is_classifier(output_)) description.classes = most_probable(scores, spec_, top);
    return description;
  }

 private:
  Error error(const std::string& what) const { return {ErrorCode::model, "network " + spec_.path + " " + what}; }

  Result<std::vector<cv::Mat>> forward(const Image& image, const std::vector<std::string>& layers) {
    preprocessor_.run(image, {reinterpret_cast<float*>(input_.data), input_.total()});
    try {
      std::vector<cv::Mat> blobs;
      net_.setInput(input_);
      net_.forward(blobs, layers);
      for (const cv::Mat& blob : blobs) {
        if (blob.type() != CV_32F || !blob.isContinuous()) return error("gave values of an unexpected type");
      }
      return blobs;
    } catch (const std::exception& exception) {
      return error("failed (" + reason_of(exception) + ")");
    }
  }

  Result<Embedding> to_embedding(const cv::Mat& blob) const {
    const std::span<const float> values = values_of(blob);
    if (static_cast<int>(values.size()) != dimensions())
      return error("gave an embedding of another size than announced");
    if (!all_finite(values)) return error("gave an embedding that is not all finite numbers");
    if (!is_spatial(feature_.shape)) return Embedding(values.begin(), values.end());
    return channels_last(values, static_cast<size_t>(feature_.shape[1]));
  }

  NetworkSpec spec_;
  cv::dnn::Net net_;
  NetworkLayer feature_;
  NetworkLayer output_;
  Preprocessor preprocessor_;
  cv::Mat input_;
};

Result<size_t> feature_layer_of(const OnnxNetwork& network, const NetworkSpec& spec) {
  if (spec.embeds_output) return network.logits;
  auto found = spec.feature_layer.empty() ? find_feature_layer(network.layers, network.output)
                                          : find_layer(network.layers, spec.feature_layer);
  if (!found.ok()) return Error{ErrorCode::model, "network " + spec.path + ": " + found.error().message};
  return found;
}

// OpenCV builds its table of layer types at the first use, without guarding it well against a second thread.
void build_layer_table() {
  cv::dnn::LayerParams params;
  params.type = "Identity";
  cv::dnn::LayerFactory::createLayerInstance(params.type, params);
}

int ignore_error(int, const char*, const char*, const char*, int, void*) {
  return 0;
}

}  // namespace

Result<std::unique_ptr<Embedder>> Embedder::load(const NetworkSpec& spec) {
  for (const float scale : spec.scale) {
    if (scale == 0) return Error{ErrorCode::usage, "network " + spec.path + ": a scale of 0 would divide by zero"};
  }
  auto network = load_onnx_network(spec);
  if (!network.ok()) return network.error();
  const auto feature = feature_layer_of(*network, spec);
  if (!feature.ok()) return feature.error();
  const NetworkLayer& output = network->layers[network->output];
  if (const Status fits = check_labels(spec, element_count(output.shape)); !fits.ok()) {
    return Error{ErrorCode::model, "network " + spec.path + ": " + fits.error().message};
  }
  NetworkSpec found = spec;
  found.input_size = network->input_size;
  found.feature_layer = network->layers[*feature].name;
  found.logits_layer = output.name;
  found.logits_are_probabilities = spec.logits_are_probabilities || network->ends_in_softmax;
  return std::unique_ptr<Embedder>(std::make_unique<OpenCvEmbedder>(std::move(found), std::move(*network), *feature));
}

Result<std::vector<LayerInfo>> list_layers(const NetworkSpec& spec) {
  const auto network = load_onnx_network(spec);
  if (!network.ok()) return network.error();
  std::vector<LayerInfo> layers;
  for (const NetworkLayer& layer : network->layers) {
    if (layer.inputs.empty() || layer.type == "Identity" || layer.shape.empty()) continue;
    layers.push_back({.name = layer.name, .type = layer.type, .shape = {layer.shape.begin() + 1, layer.shape.end()}});
  }
  return layers;
}

void use_one_thread_per_network() {
  static const bool kDone = [] {
    cv::setNumThreads(0);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError(ignore_error);  // else each exception is printed before it is thrown
    build_layer_table();
    return true;
  }();
  static_cast<void>(kDone);
}

}  // namespace lookalike

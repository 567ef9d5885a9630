#include <cstddef>
#include <exception>
#include <opencv2/dnn.hpp>
#include <span>
#include <utility>

#include "core/vision/inference/engine.h"
#include "core/vision/inference/opencv_network.h"
#include "core/vision/inference/preprocess.h"

namespace lookalike {
namespace {

std::span<const float> values_of(const cv::Mat& blob) {
  return {reinterpret_cast<const float*>(blob.data), blob.total()};
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

class OpenCvEmbedder final : public Embedder {
 public:
  OpenCvEmbedder(ChosenLayers chosen, OpenCvNetwork network)
      : spec_(std::move(chosen.spec)),
        net_(std::move(network.net)),
        feature_(network.layers[chosen.feature]),
        output_(network.layers[network.output]),
        logits_(network.layers[network.logits]),
        preprocessor_(spec_) {
    const int sizes[] = {1, 3, spec_.input_size, spec_.input_size};
    input_.create(4, sizes, CV_32F);
  }

  const NetworkSpec& spec() const override { return spec_; }
  std::string_view engine() const override { return "OpenCV"; }
  int dimensions() const override { return element_count(feature_.shape); }

  Result<Embedding> embed(const Image& image) override {
    const auto blobs = forward(image, {feature_.full_name});
    if (!blobs.ok()) return blobs.error();
    return to_embedding((*blobs)[0]);
  }

  int output_dimensions() const override { return element_count(logits_.shape); }

  Result<Embedding> embed_with_output(const Image& image) override {
    const auto blobs = forward(image, {feature_.full_name, logits_.full_name});
    if (!blobs.ok()) return blobs.error();
    auto embedding = to_embedding((*blobs)[0]);
    if (!embedding.ok()) return embedding;
    const std::span<const float> output = values_of((*blobs)[1]);
    embedding->insert(embedding->end(), output.begin(), output.end());
    return checked_embedding(spec_, std::move(*embedding));
  }

  Result<Description> describe(const Image& image, int top) override {
    const auto blobs = forward(image, {feature_.full_name, output_.full_name});
    if (!blobs.ok()) return blobs.error();
    auto embedding = to_embedding((*blobs)[0]);
    if (!embedding.ok()) return embedding.error();
    Description description{.embedding = std::move(*embedding), .classes = {}};
    if (!is_classifier(output_)) return description;
    auto classes = checked_classes(spec_, values_of((*blobs)[1]), top);
    if (!classes.ok()) return classes.error();
    description.classes = std::move(*classes);
    return description;
  }

 private:
  Result<std::vector<cv::Mat>> forward(const Image& image, const std::vector<std::string>& layers) {
    preprocessor_.run(image, {reinterpret_cast<float*>(input_.data), input_.total()});
    try {
      std::vector<cv::Mat> blobs;
      net_.setInput(input_);
      net_.forward(blobs, layers);
      for (const cv::Mat& blob : blobs) {
        if (blob.type() != CV_32F || !blob.isContinuous())
          return network_error(spec_, " gave values of an unexpected type");
      }
      return blobs;
    } catch (const std::exception& exception) {
      return network_error(spec_, " failed (" + reason_of(exception) + ")");
    }
  }

  Result<Embedding> to_embedding(const cv::Mat& blob) const {
    const std::span<const float> values = values_of(blob);
    if (static_cast<int>(values.size()) != dimensions())
      return network_error(spec_, " gave an embedding of another size than announced");
    const bool flat = !is_spatial(feature_.shape);
    return checked_embedding(spec_, flat ? Embedding(values.begin(), values.end())
                                         : channels_last(values, static_cast<size_t>(feature_.shape[1])));
  }

  NetworkSpec spec_;
  cv::dnn::Net net_;
  NetworkLayer feature_;
  NetworkLayer output_;
  NetworkLayer logits_;
  Preprocessor preprocessor_;
  cv::Mat input_;
};

}  // namespace

Result<std::unique_ptr<Embedder>> load_opencv_embedder(const NetworkSpec& spec, const NetworkFile& file) {
  auto network = load_opencv_network(file, spec);
  if (!network.ok()) return network.error();
  const OutputLayers outputs{
      .output = network->output, .logits = network->logits, .ends_in_softmax = network->ends_in_softmax};
  auto chosen = choose_layers(network->layers, outputs, spec, file);
  if (!chosen.ok()) return chosen.error();
  return std::unique_ptr<Embedder>(std::make_unique<OpenCvEmbedder>(std::move(*chosen), std::move(*network)));
}

}  // namespace lookalike

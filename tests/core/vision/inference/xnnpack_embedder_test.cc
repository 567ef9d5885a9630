// XNNPACK against OpenCV, layer by layer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/base/random.h"
#include "core/vision/inference/embedder_loader.h"
#include "core/vision/inference/engine.h"
#include "tests/core/vision/onnx/graph_samples.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace lookalike {
namespace {

using testing::HasSubstr;

Image noise(int size, uint64_t seed) {
  Random random(seed);
  Image image{.width = size, .height = size, .original_width = size, .original_height = size, .rgb = {}};
  image.rgb.resize(static_cast<size_t>(3 * size * size));
  for (uint8_t& value : image.rgb)
    value = static_cast<uint8_t>(random.below(256));
  return image;
}

class XnnpackEmbedderTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto probe = load_embedder(write_tiny_network(folder_.path()), InferenceEngine::xnnpack);
    if (!probe.ok()) GTEST_SKIP() << probe.error().message;
  }

  NetworkSpec write(const OnnxWriter& onnx, int64_t opset = 9) {
    const std::filesystem::path path = folder_.path() / "network.onnx";
    std::ofstream(path, std::ios::binary) << onnx.bytes(opset);
    return {.path = path.string(), .input_size = GraphSampler::kSize};
  }

  static std::unique_ptr<Embedder> load(const NetworkSpec& spec, InferenceEngine engine) {
    auto embedder = load_embedder(spec, engine);
    EXPECT_TRUE(embedder.ok()) << (embedder.ok() ? "" : embedder.error().message);
    return embedder.ok() ? std::move(*embedder) : nullptr;
  }

  static void expect_near(const Embedding& ours, const Embedding& reference, const std::string& what) {
    ASSERT_EQ(ours.size(), reference.size()) << what;
    double largest = 0;
    for (const float value : reference)
      largest = std::max(largest, std::abs(static_cast<double>(value)));
    for (size_t i = 0; i < ours.size(); ++i)
      ASSERT_NEAR(ours[i], reference[i], 1e-5 * largest + 1e-6) << what << " at " << i;
  }

  static void expect_agreement(const NetworkSpec& spec, const Image& image) {
    const auto ours = load(spec, InferenceEngine::xnnpack);
    const auto reference = load(spec, InferenceEngine::opencv);
    ASSERT_TRUE(ours && reference);
    EXPECT_EQ(ours->engine(), "XNNPACK");
    EXPECT_EQ(reference->engine(), "OpenCV");
    EXPECT_EQ(ours->spec().feature_layer, reference->spec().feature_layer);
    EXPECT_EQ(ours->spec().logits_layer, reference->spec().logits_layer);
    EXPECT_EQ(ours->dimensions(), reference->dimensions());
    const auto described = ours->describe(image, 5);
    const auto expected = reference->describe(image, 5);
    ASSERT_TRUE(described.ok() && expected.ok()) << spec.feature_layer;
    expect_near(described->embedding, expected->embedding, ours->spec().feature_layer);
    ASSERT_EQ(described->classes.size(), expected->classes.size());
    for (size_t i = 0; i < expected->classes.size(); ++i) {
      EXPECT_EQ(described->classes[i].index, expected->classes[i].index);
      EXPECT_NEAR(described->classes[i].probability, expected->classes[i].probability, 1e-5);
    }
  }

  void expect_agreement_in_every_layer(NetworkSpec spec, uint64_t seed) {
    const Image image = noise(GraphSampler::kSize, seed);
    const auto layers = list_layers(spec);
    ASSERT_TRUE(layers.ok()) << layers.error().message;
    for (const LayerInfo& layer : *layers) {
      // OpenCV 4.6 gives those as they are behind the activation that it folds into them.
      if (layer.type == "BatchNorm") continue;
      spec.feature_layer = layer.name;
      expect_agreement(spec, image);
    }
  }

  test::TemporaryFolder folder_;
};

TEST_F(XnnpackEmbedderTest, EveryLayerAgreesWithOpenCv) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    expect_agreement_in_every_layer(write(mobile_sample(seed)), seed);
    expect_agreement_in_every_layer(write(residual_sample(seed)), seed);
  }
  expect_agreement_in_every_layer(write_tiny_network(folder_.path(), {.input_size = GraphSampler::kSize}), 3);
}

TEST_F(XnnpackEmbedderTest, ABatchNormIsAGainAndAnOffsetOfEachChannel) {
  NetworkSpec spec = write(residual_sample(1));
  const Image image = noise(GraphSampler::kSize, 1);
  const auto values_of = [&](const std::string& layer) {
    spec.feature_layer = layer;
    return *load(spec, InferenceEngine::xnnpack)->embed(image);
  };
  const Embedding before = values_of("first");
  const Embedding folded = values_of("first/norm");
  const Embedding active = values_of("first/relu");
  ASSERT_EQ(before.size(), folded.size());
  constexpr size_t kChannels = 8;
  for (size_t channel = 0; channel < kChannels; ++channel) {
    const float gain =
        (folded[channel] - folded[channel + kChannels]) / (before[channel] - before[channel + kChannels]);
    const float offset = folded[channel] - gain * before[channel];
    for (size_t i = channel; i < before.size(); i += kChannels) {
      EXPECT_NEAR(folded[i], gain * before[i] + offset, 1e-3);
      EXPECT_EQ(active[i], std::max(0.0f, folded[i]));
    }
  }
}

TEST_F(XnnpackEmbedderTest, ColoursAndScalesAreTheNetworks) {
  NetworkSpec spec = write(mobile_sample(4));
  spec.rgb = false;
  spec.mean = {0.1f, 0.2f, 0.3f};
  spec.scale = {0.4f, 0.5f, 0.6f};
  expect_agreement(spec, noise(40, 4));
}

TEST_F(XnnpackEmbedderTest, TheOutputCanBeTheEmbedding) {
  NetworkSpec spec = write(residual_sample(2));
  spec.embeds_output = true;
  expect_agreement(spec, noise(16, 5));
}

TEST_F(XnnpackEmbedderTest, MobileNetV2Agrees) {
  const char* const models = std::getenv("LOOKALIKE_MODELS");
  const std::filesystem::path path =
      std::filesystem::path(models == nullptr ? "" : models) / "mobilenet_v2_1.0_224.onnx";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is missing; set LOOKALIKE_MODELS";
  expect_agreement({.path = path.string()}, noise(224, 6));
}

TEST_F(XnnpackEmbedderTest, AClipOfThreeInputsWorksWhereOpenCvRefuses) {
  GraphSampler graph(7);
  graph.convolution("first", "image", {});
  graph.onnx().add_weights("low", {}, {0});
  graph.onnx().add_weights("high", {}, {6});
  graph.node("Clip", "clip", {"first", "low", "high"});
  graph.onnx().add_output("clip", {1, 8, 16, 16});
  NetworkSpec spec = write(graph.onnx(), 12);
  spec.feature_layer = "clip";
  const auto embedder = load(spec, InferenceEngine::fastest);
  ASSERT_NE(embedder, nullptr);
  EXPECT_EQ(embedder->engine(), "XNNPACK");
  const auto embedding = embedder->embed(noise(16, 7));
  ASSERT_TRUE(embedding.ok());
  EXPECT_GE(*std::min_element(embedding->begin(), embedding->end()), 0);
  EXPECT_LE(*std::max_element(embedding->begin(), embedding->end()), 6);
}

TEST_F(XnnpackEmbedderTest, OtherNetworksAreRunByOpenCv) {
  GraphSampler graph(8);
  graph.convolution("first", "image", {});
  graph.node("Tanh", "odd", {"first"});
  graph.node("GlobalAveragePool", "pool", {"odd"});
  graph.node("Flatten", "logits", {"pool"});
  graph.onnx().add_output("logits", {1, 8});
  NetworkSpec spec = write(graph.onnx());
  spec.feature_layer = "first";
  const auto ours = load_embedder(spec, InferenceEngine::xnnpack);
  ASSERT_FALSE(ours.ok());
  EXPECT_THAT(ours.error().message, HasSubstr("Tanh \"odd\""));
  const auto embedder = load(spec, InferenceEngine::fastest);
  ASSERT_NE(embedder, nullptr);
  EXPECT_EQ(embedder->engine(), "OpenCV");
}

TEST_F(XnnpackEmbedderTest, AFileThatIsReplacedOrGoneChangesNothing) {
  NetworkSpec spec = write(mobile_sample(9));
  EmbedderLoader loader(spec, InferenceEngine::xnnpack);
  const Image image = noise(16, 9);
  const auto first = loader.load();
  const auto untouched = load(spec, InferenceEngine::xnnpack);
  ASSERT_TRUE(first.ok() && untouched != nullptr);
  const auto expected = untouched->describe(image, 3);
  ASSERT_TRUE(expected.ok());
  write(mobile_sample(10));
  const auto second = loader.load();  // as another worker does, later
  ASSERT_TRUE(second.ok());
  std::filesystem::remove(spec.path);
  const auto third = loader.load();
  ASSERT_TRUE(third.ok());
  for (Embedder* const embedder : {first->get(), second->get(), third->get()}) {
    const auto described = embedder->describe(image, 3);  // the layers behind the features are prepared now
    ASSERT_TRUE(described.ok()) << described.error().message;
    EXPECT_EQ(described->embedding, expected->embedding);
    ASSERT_EQ(described->classes.size(), 3u);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(described->classes[i].index, expected->classes[i].index);
      EXPECT_EQ(described->classes[i].probability, expected->classes[i].probability);
    }
  }
}

}  // namespace
}  // namespace lookalike

#include "core/vision/onnx/network_layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/vision/inference/embedder_loader.h"
#include "tests/core/vision/decode/encoded_images.h"
#include "tests/support/onnx_writer.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Shape = std::vector<int>;

// A chain: each layer reads the one before.
class Chain {
 public:
  Chain() { layers_.push_back({.name = "_input", .full_name = "_input", .shape = {1, 3, 224, 224}}); }
  Chain& add(const std::string& name, const std::string& type, Shape shape, Shape weights = {}) {
    layers_.push_back({.name = name,
                       .full_name = "onnx_node!" + name,
                       .type = type,
                       .shape = std::move(shape),
                       .weights = std::move(weights),
                       .inputs = {layers_.size() - 1},
                       .aliases = {}});
    return *this;
  }
  const std::vector<NetworkLayer>& layers() const { return layers_; }
  std::string feature() const {
    const auto found = find_feature_layer(layers_, layers_.size() - 1);
    return found.ok() ? layers_[*found].name : "error: " + found.error().message;
  }

 private:
  std::vector<NetworkLayer> layers_;
};

TEST(LayerFinder, MobileNetV2IsItsLinearBottleneck) {
  Chain chain;
  chain.add("depthwise", "Convolution", {1, 960, 7, 7}, {960, 1, 3, 3})
      .add("relu", "ReLU6", {1, 960, 7, 7})
      .add("project", "Convolution", {1, 320, 7, 7}, {320, 960, 1, 1})
      .add("last", "Convolution", {1, 1280, 7, 7}, {1280, 320, 1, 1})
      .add("last/relu", "ReLU6", {1, 1280, 7, 7})
      .add("pool", "Pooling", {1, 1280, 1, 1})
      .add("logits", "InnerProduct", {1, 1000}, {1000, 1280});
  EXPECT_EQ(chain.feature(), "project");
}

TEST(LayerFinder, ResNetIsItsLastSpatialLayerNotTheInsideOfABlock) {
  Chain chain;
  chain.add("reduce", "Convolution", {1, 512, 7, 7}, {512, 2048, 1, 1})
      .add("reduce/relu", "ReLU", {1, 512, 7, 7})
      .add("expand", "Convolution", {1, 2048, 7, 7}, {2048, 512, 1, 1})
      .add("sum", "Eltwise", {1, 2048, 7, 7})
      .add("sum/relu", "ReLU", {1, 2048, 7, 7})
      .add("pool", "Pooling", {1, 2048, 1, 1})
      .add("logits", "InnerProduct", {1, 1000}, {1000, 2048});
  EXPECT_EQ(chain.feature(), "sum/relu");
}

TEST(LayerFinder, SqueezeNetIsWhatItsClassifyingConvolutionReads) {
  Chain chain;
  chain.add("fire", "Concat", {1, 512, 13, 13})
      .add("dropout", "Dropout", {1, 512, 13, 13})
      .add("conv", "Convolution", {1, 1000, 13, 13}, {1000, 512, 1, 1})
      .add("conv/relu", "ReLU", {1, 1000, 13, 13})
      .add("pool", "Pooling", {1, 1000, 1, 1})
      .add("logits", "Flatten", {1, 1000});
  EXPECT_EQ(chain.feature(), "fire");
}

TEST(LayerFinder, WithoutSpaceTheClassifiersInput) {
  Chain chain;
  chain.add("flat", "Flatten", {1, 3 * 224 * 224})
      .add("hidden", "InnerProduct", {1, 64})
      .add("hidden/relu", "ReLU", {1, 64})
      .add("logits", "InnerProduct", {1, 10});
  EXPECT_EQ(chain.feature(), "hidden/relu");
}

TEST(LayerFinder, NothingFitSaysWhatToDo) {
  Chain chain;
  chain.add("flat", "Flatten", {1, 3 * 224 * 224});
  EXPECT_THAT(chain.feature(), AllOf(HasSubstr("--layer"), HasSubstr("flat")));
}

TEST(LayerFinder, NamesOfAnyKindAreFound) {
  std::vector<NetworkLayer> layers = Chain().add("block", "Convolution", {1, 8, 4, 4}).layers();
  layers[1].aliases = {"tensor:0"};
  for (const char* name : {"block", "onnx_node!block", "tensor:0"}) {
    const auto found = find_layer(layers, name);
    ASSERT_TRUE(found.ok()) << name;
    EXPECT_EQ(*found, 1u);
  }
  EXPECT_FALSE(find_layer(layers, "_input").ok());
}

TEST(LayerFinder, CopiesLeadToTheLayerItself) {
  const auto layers =
      Chain().add("project", "Convolution", {1, 320, 7, 7}).add("project_out", "Identity", {1, 320, 7, 7}).layers();
  const auto found = find_layer(layers, "project_out");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(layers[*found].name, "project");
}

TEST(LayerFinder, SuggestsAtMostTenNearestFirst) {
  Chain chain;
  for (int i = 0; i < 30; ++i)
    chain.add("block" + std::to_string(i) + "/expand", "Convolution", {1, 8, 4, 4});
  chain.add("block7/project", "Convolution", {1, 8, 4, 4});
  const auto found = find_layer(chain.layers(), "block7/projekt");
  ASSERT_FALSE(found.ok());
  const std::string& message = found.error().message;
  EXPECT_THAT(message, HasSubstr("near it: block7/project (1 x 8 x 4 x 4)"));
  size_t names = 0;
  for (size_t at = message.find(" ("); at != message.npos; at = message.find(" (", at + 1))
    ++names;
  EXPECT_EQ(names, 10u);
}

TEST(LayerFinder, SuggestionsAreFitForATerminal) {
  const auto layers = Chain().add("evil\x1b[2J", "Convolution", {1, 8, 4, 4}).layers();
  EXPECT_EQ(find_layer(layers, "x\x1b[0m").error().message.find('\x1b'), std::string::npos);
}

// The end of the zoo's MobileNetV2: MXNet's names, batch normalisation not folded, weights among the inputs, and a
// convolution as classifier.
class ZooNetwork {
 public:
  ZooNetwork() {
    onnx_.add_input("data", {1, 3, 14, 14});
    onnx_.list_weights_as_inputs();
    std::string at = convolution("mobilenetv20_features_conv0", "data", 3, 160, 2);
    at = normalised("mobilenetv20_features_linearbottleneck16_conv1", at, 160, true);
    at = convolution("mobilenetv20_features_linearbottleneck16_conv2", at, 160, 320, 1);
    at = normalised("mobilenetv20_features_linearbottleneck16_conv2", at, 320, false);
    at = convolution("mobilenetv20_features_conv1", at, 320, 1280, 1);
    at = normalised("mobilenetv20_features_conv1", at, 1280, true);
    onnx_.add_node("GlobalAveragePool", "mobilenetv20_features_pool0_fwd", {at}, "mobilenetv20_features_pool0_fwd");
    at = convolution("mobilenetv20_output_pred", "mobilenetv20_features_pool0_fwd", 1280, 1000, 1);
    onnx_.add_node("Flatten", "mobilenetv20_output_flatten0", {at}, "mobilenetv20_output_flatten0");
    onnx_.add_output("mobilenetv20_output_flatten0", {1, 1000});
  }
  std::string bytes() const { return onnx_.bytes(7); }

 private:
  std::string convolution(const std::string& name, const std::string& input, int64_t in, int64_t out, int64_t stride) {
    onnx_.add_weights(name + "_weight", {out, in, 1, 1}, std::vector<float>(static_cast<size_t>(in * out), 0.01f));
    onnx_.add_node("Conv", name + "_fwd", {input, name + "_weight"}, name + "_fwd",
                   {{"kernel_shape", std::vector<int64_t>{1, 1}}, {"strides", std::vector<int64_t>{stride, stride}}});
    return name + "_fwd";
  }

  std::string normalised(const std::string& name, const std::string& input, int64_t channels, bool relu) {
    const std::string layer = name + "_batchnorm";
    std::vector<std::string> inputs{input};
    for (const char* const part : {"_gamma", "_beta", "_running_mean", "_running_var"}) {
      const float value = part == std::string("_gamma") || part == std::string("_running_var") ? 1.0f : 0.5f;
      onnx_.add_weights(layer + part, {channels}, std::vector<float>(static_cast<size_t>(channels), value));
      inputs.push_back(layer + part);
    }
    onnx_.add_node("BatchNormalization", layer + "_fwd", inputs, layer + "_fwd", {{"epsilon", 1e-5f}});
    if (!relu) return layer + "_fwd";
    onnx_.add_node("Relu", layer + "_relu", {layer + "_fwd"}, layer + "_relu");
    return layer + "_relu";
  }

  OnnxWriter onnx_;
};

TEST(LayerFinder, TheZoosMobileNetV2IsItsNormalisedBottleneck) {
  const test::TemporaryFolder folder;
  const NetworkSpec spec{.path = (folder.path() / "zoo.onnx").string(), .input_size = 14};
  std::ofstream(spec.path, std::ios::binary) << ZooNetwork().bytes();
  const auto embedder = load_embedder(spec);
  ASSERT_TRUE(embedder.ok()) << embedder.error().message;
  EXPECT_EQ((*embedder)->spec().feature_layer, "mobilenetv20_features_linearbottleneck16_conv2_batchnorm_fwd");
  EXPECT_EQ((*embedder)->dimensions(), 7 * 7 * 320);
  const auto described = (*embedder)->describe(gradient(30, 20), 5);
  ASSERT_TRUE(described.ok()) << described.error().message;
  EXPECT_EQ(described->embedding.size(), 7u * 7 * 320);
  EXPECT_EQ(described->classes.size(), 5u);
}

TEST(LayerFinder, SqueezeNetsFileGivesItsLastFireModule) {
  const char* const shared = std::getenv("LOOKALIKE_SHARED");
  const char* const models = std::getenv("LOOKALIKE_MODELS");
  namespace fs = std::filesystem;
  const fs::path folder = models != nullptr ? fs::path(models) : fs::path(shared != nullptr ? shared : "") / "models";
  const fs::path file = folder / "squeezenet1.1.onnx";
  if (!fs::exists(file)) GTEST_SKIP() << file << " is missing; set LOOKALIKE_MODELS";
  const auto embedder = load_embedder({.path = file.string()});
  ASSERT_TRUE(embedder.ok()) << embedder.error().message;
  EXPECT_EQ((*embedder)->spec().feature_layer, "fire7");
  EXPECT_EQ((*embedder)->dimensions(), 13 * 13 * 512);
}

}  // namespace
}  // namespace lookalike

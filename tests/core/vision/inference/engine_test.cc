#include "core/vision/inference/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace lookalike {
namespace {

using testing::HasSubstr;

// An image, a feature layer, the scores of five classes.
std::vector<NetworkLayer> three_layers() {
  return {{.name = "image", .shape = {1, 3, 32, 32}},
          {.name = "feature", .type = "Convolution", .shape = {1, 8, 4, 4}, .inputs = {0}},
          {.name = "scores", .type = "InnerProduct", .shape = {1, 5}, .inputs = {1}}};
}

NetworkFile some_file() {
  return {.sha256 = "d1", .bytes = nullptr, .header = {}, .input_size = 32};
}

TEST(Engine, FillsInWhatWasFound) {
  const auto layers = three_layers();
  const auto chosen = choose_layers(layers, {.output = 2, .logits = 2, .ends_in_softmax = true},
                                    {.path = "a.onnx", .feature_layer = "feature"}, some_file());
  ASSERT_TRUE(chosen.ok()) << chosen.error().message;
  EXPECT_EQ(chosen->feature, 1u);
  EXPECT_EQ(chosen->spec.input_size, 32);
  EXPECT_EQ(chosen->spec.sha256, "d1");
  EXPECT_EQ(chosen->spec.logits_layer, "scores");
  EXPECT_TRUE(chosen->spec.logits_are_probabilities);
}

TEST(Engine, AnEmbeddingMayBeTheOutputItself) {
  const auto layers = three_layers();
  const auto chosen =
      choose_layers(layers, {.output = 2, .logits = 2}, {.path = "a.onnx", .embeds_output = true}, some_file());
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(chosen->feature, 2u);
}

TEST(Engine, RefusesAnotherNetworksLayersAndLabelsByTheFilesName) {
  const auto layers = three_layers();
  const OutputLayers outputs{.output = 2, .logits = 2};
  const auto no_layer = choose_layers(layers, outputs, {.path = "a.onnx", .feature_layer = "featur"}, some_file());
  ASSERT_FALSE(no_layer.ok());
  EXPECT_THAT(no_layer.error().message, HasSubstr("network a.onnx: "));
  const auto no_labels = choose_layers(
      layers, outputs, {.path = "a.onnx", .feature_layer = "feature", .labels = {"one", "two"}}, some_file());
  ASSERT_FALSE(no_labels.ok());
  EXPECT_THAT(no_labels.error().message, HasSubstr("5 classes, but there are 2 class names"));
}

TEST(Engine, TellsAClassifierByItsShape) {
  EXPECT_TRUE(is_classifier({.shape = {1, 5}}));
  EXPECT_TRUE(is_classifier({.shape = {1, 5, 1, 1}}));
  EXPECT_FALSE(is_classifier({.shape = {1, 1}}));
  EXPECT_FALSE(is_classifier({.shape = {1, 5, 4, 4}}));
}

TEST(Engine, LetsNoValuePassThatIsNotFinite) {
  const NetworkSpec spec{.path = "a.onnx"};
  EXPECT_TRUE(checked_embedding(spec, {1, 2}).ok());
  for (const float value : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    EXPECT_FALSE(checked_embedding(spec, {1, value}).ok());
    EXPECT_FALSE(checked_classes(spec, std::vector<float>{1, value}, 1).ok());
  }
}

}  // namespace
}  // namespace lookalike

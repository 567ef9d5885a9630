// Every operator that core/vision/onnx/network_graph.h knows, against loops that do what the ONNX documents say, in
// each form that an opset has for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/vision/inference/embedder_loader.h"
#include "tests/support/onnx_writer.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kFirstOpset = 7;

// Height x width x channels, as an embedding has them.
struct Planes {
  int height = 1;
  int width = 1;
  int channels = 1;
  std::vector<float> values;

  Planes(int h, int w, int c) : height(h), width(w), channels(c), values(static_cast<size_t>(h * w * c)) {}
  float& at(int y, int x, int c) { return values[static_cast<size_t>((y * width + x) * channels + c)]; }
  float at(int y, int x, int c) const { return values[static_cast<size_t>((y * width + x) * channels + c)]; }
  bool has(int y, int x) const { return y >= 0 && x >= 0 && y < height && x < width; }
};

Planes each(const Planes& planes, const std::function<double(double)>& of) {
  Planes result = planes;
  for (float& value : result.values)
    value = static_cast<float>(of(value));
  return result;
}

struct WindowSizes {
  std::array<int, 2> kernel{3, 3};
  std::array<int, 2> strides{1, 1};
  std::array<int, 4> pads{0, 0, 0, 0};  // top, left, bottom, right
};

// What `of` makes of the places under each window, those outside the image left out.
template <typename Of>
Planes windowed(const Planes& image, const WindowSizes& window, int outputs, const Of& of) {
  const int height = (image.height + window.pads[0] + window.pads[2] - window.kernel[0]) / window.strides[0] + 1;
  const int width = (image.width + window.pads[1] + window.pads[3] - window.kernel[1]) / window.strides[1] + 1;
  Planes result(height, width, outputs);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < outputs; ++c)
        result.at(y, x, c) = of(y * window.strides[0] - window.pads[0], x * window.strides[1] - window.pads[1], c);
    }
  }
  return result;
}

Planes max_pooled(const Planes& image, const WindowSizes& window) {
  return windowed(image, window, image.channels, [&](int top, int left, int c) {
    float largest = -std::numeric_limits<float>::infinity();
    for (int y = top; y < top + window.kernel[0]; ++y) {
      for (int x = left; x < left + window.kernel[1]; ++x) {
        if (image.has(y, x)) largest = std::max(largest, image.at(y, x, c));
      }
    }
    return largest;
  });
}

Planes averaged(const Planes& image, const WindowSizes& window, bool border_counts) {
  return windowed(image, window, image.channels, [&](int top, int left, int c) {
    double sum = 0;
    int places = 0;
    for (int y = top; y < top + window.kernel[0]; ++y) {
      for (int x = left; x < left + window.kernel[1]; ++x) {
        if (image.has(y, x)) sum += image.at(y, x, c);
        places += image.has(y, x) || border_counts;
      }
    }
    return static_cast<float>(sum / places);
  });
}

// weights: outputs x inputs x height x width.
Planes convolved(const Planes& image, const WindowSizes& window, const std::vector<float>& weights, int outputs) {
  return windowed(image, window, outputs, [&](int top, int left, int output) {
    double sum = 0;
    size_t at = static_cast<size_t>(output * image.channels * window.kernel[0] * window.kernel[1]);
    for (int c = 0; c < image.channels; ++c) {
      for (int y = top; y < top + window.kernel[0]; ++y) {
        for (int x = left; x < left + window.kernel[1]; ++x, ++at)
          sum += image.has(y, x) ? weights[at] * image.at(y, x, c) : 0.0;
      }
    }
    return static_cast<float>(sum);
  });
}

Planes reduced(const Planes& image, const std::string& how) {
  Planes result(1, 1, image.channels);
  for (int c = 0; c < image.channels; ++c) {
    double sum = 0;
    float largest = image.at(0, 0, c);
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        sum += image.at(y, x, c);
        largest = std::max(largest, image.at(y, x, c));
      }
    }
    result.at(0, 0, c) = how == "max" ? largest : static_cast<float>(sum / (image.height * image.width));
  }
  return result;
}

Planes channels_summed(const Planes& image, double factor) {
  Planes result(image.height, image.width, 1);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      double sum = 0;
      for (int c = 0; c < image.channels; ++c)
        sum += image.at(y, x, c);
      result.at(y, x, 0) = static_cast<float>(sum * factor);
    }
  }
  return result;
}

Planes joined(const std::vector<Planes>& parts) {
  int channels = 0;
  for (const Planes& part : parts)
    channels += part.channels;
  Planes result(parts[0].height, parts[0].width, channels);
  int first = 0;
  for (const Planes& part : parts) {
    for (int y = 0; y < part.height; ++y) {
      for (int x = 0; x < part.width; ++x) {
        for (int c = 0; c < part.channels; ++c)
          result.at(y, x, first + c) = part.at(y, x, c);
      }
    }
    first += part.channels;
  }
  return result;
}

Planes chosen(const Planes& image, int first, int count) {
  Planes result(image.height, image.width, count);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < count; ++c)
        result.at(y, x, c) = image.at(y, x, first + c);
    }
  }
  return result;
}

double sigmoid(double value) {
  return 1 / (1 + std::exp(-value));
}

std::vector<int64_t> wide(const std::vector<int>& values) {
  return {values.begin(), values.end()};
}

// A network around a few nodes: "start" is the image spread over [-2, 2] by a product and a sum with constants.
class OperatorsTest : public testing::Test {
 protected:
  void SetUp() override {
    begin(7);
    const auto loaded = values_of("start", 13);
    if (!loaded.ok() && loaded.error().message.find("without XNNPACK") != std::string::npos)
      GTEST_SKIP() << loaded.error().message;
  }

  void begin(int size) {
    size_ = size;
    onnx_ = OnnxWriter();
    onnx_.add_input("image", {1, 3, size, size});
    onnx_.add_weights("four", {}, {4.0f});
    onnx_.add_weights("two", {}, {2.0f});
    onnx_.add_node("Mul", "stretched", {"image", "four"}, "stretched");
    onnx_.add_node("Sub", "start", {"stretched", "two"}, "start");
    Random random(static_cast<uint64_t>(size));
    image_ = {.width = size, .height = size, .original_width = size, .original_height = size, .rgb = {}};
    for (int i = 0; i < 3 * size * size; ++i)
      image_.rgb.push_back(static_cast<uint8_t>(random.below(256)));
  }

  void begin_plain() {
    onnx_ = OnnxWriter();
    onnx_.add_input("image", {1, 3, size_, size_});
    onnx_.add_integers("one", {1});
    for (const char* name : {"scale", "bias", "mean", "variance"})
      onnx_.add_weights(name, {3}, {1, 1, 1});
  }

  Planes start() const {
    Planes planes(size_, size_, 3);
    for (size_t i = 0; i < planes.values.size(); ++i)
      planes.values[i] = static_cast<float>(image_.rgb[i] / 255.0 * 4 - 2);
    return planes;
  }

  void add(const std::string& operation, const std::string& name, const std::vector<std::string>& inputs,
           const std::vector<OnnxAttribute>& attributes = {}) {
    onnx_.add_node(operation, name, inputs, name, attributes);
  }

  // Of the layer, by XNNPACK alone; or why it cannot be loaded.
  Result<Embedding> values_of(const std::string& layer, int64_t opset) {
    const std::filesystem::path path = folder_.path() / "network.onnx";
    OnnxWriter whole = onnx_;
    whole.add_output(layer, {1});
    std::ofstream(path, std::ios::binary) << whole.bytes(opset);
    const auto embedder = load_embedder(
        {.path = path.string(), .input_size = size_, .mean = {0, 0, 0}, .scale = {1, 1, 1}, .feature_layer = layer},
        InferenceEngine::xnnpack);
    if (!embedder.ok()) return embedder.error();
    return (*embedder)->embed(image_);
  }

  void expect(const std::string& layer, int64_t opset, const Planes& expected) {
    const auto values = values_of(layer, opset);
    ASSERT_TRUE(values.ok()) << values.error().message;
    ASSERT_EQ(values->size(), expected.values.size()) << layer << " at opset " << opset;
    for (size_t i = 0; i < values->size(); ++i)
      ASSERT_NEAR((*values)[i], expected.values[i], 2e-5) << layer << " at opset " << opset << ", value " << i;
  }

  std::string refusal(const std::string& layer, int64_t opset) {
    const auto values = values_of(layer, opset);
    return values.ok() ? "" : values.error().message;
  }

  // One node behind the start, with constants "axes_..." and numbers as named.
  std::string refused_node(const std::string& operation, int64_t opset, const std::vector<std::string>& more_inputs,
                           const std::vector<OnnxAttribute>& attributes) {
    begin(7);
    onnx_.add_integers("sides", {2, 3});
    onnx_.add_integers("one", {1});
    onnx_.add_weights("low", {}, {-1.0f});
    // Constants are repeated in another way before opset 7: the node reads the image itself.
    if (opset < kFirstOpset) begin_plain();
    std::vector<std::string> inputs{opset < kFirstOpset ? "image" : "start"};
    inputs.insert(inputs.end(), more_inputs.begin(), more_inputs.end());
    add(operation, "odd", inputs, attributes);
    return refusal("odd", opset);
  }

  int size_ = 0;
  OnnxWriter onnx_;
  Image image_;
  test::TemporaryFolder folder_;
};

TEST_F(OperatorsTest, WindowsOfEveryForm) {
  Random random(1);
  const auto side = [&](int from, int count) {
    return from + static_cast<int>(random.below(static_cast<uint64_t>(count)));
  };
  for (int round = 0; round < 60; ++round) {
    begin(side(6, 4));
    WindowSizes window{.kernel = {side(1, 3), side(2, 2)}, .strides = {side(1, 2), side(1, 2)}};
    for (size_t i = 0; i < 4; ++i)
      window.pads[i] = side(0, std::min(window.kernel[i % 2], 2));
    // A last window that is cut off counts when sizes are rounded up.
    const bool up = random.below(2) == 1;
    const std::vector<OnnxAttribute> attributes{{"kernel_shape", wide({window.kernel[0], window.kernel[1]})},
                                                {"strides", wide({window.strides[0], window.strides[1]})},
                                                {"pads", wide({window.pads.begin(), window.pads.end()})},
                                                {"ceil_mode", int64_t{up}}};
    WindowSizes rounded = window;
    for (size_t i = 0; i < 2 && up; ++i) {
      const int steps = size_ + window.pads[i] + window.pads[2 + i] - window.kernel[i];
      rounded.pads[2 + i] += (window.strides[i] - steps % window.strides[i]) % window.strides[i];
    }
    add("MaxPool", "max", {"start"}, attributes);
    add("AveragePool", "mean", {"start"}, attributes);
    const bool outside = rounded.pads[2] >= window.kernel[0] || rounded.pads[3] >= window.kernel[1];
    if (outside) continue;  // refused, or not, by where the last window begins
    expect("max", 11, max_pooled(start(), rounded));
    expect("mean", 11, averaged(start(), rounded, false));
    if (rounded.pads != window.pads) continue;
    std::vector<OnnxAttribute> counting = attributes;
    counting.push_back({"count_include_pad", int64_t{1}});
    add("AveragePool", "counted", {"start"}, counting);
    expect("counted", 11, averaged(start(), window, true));
    std::vector<float> weights(static_cast<size_t>(4 * 3 * window.kernel[0] * window.kernel[1]));
    for (float& weight : weights)
      weight = static_cast<float>(random.uniform() - 0.5);
    onnx_.add_weights("w", {4, 3, window.kernel[0], window.kernel[1]}, weights);
    add("Conv", "conv", {"start", "w"}, {attributes[0], attributes[1], attributes[2]});
    expect("conv", 11, convolved(start(), window, weights, 4));
  }
}

TEST_F(OperatorsTest, BordersThatAreAddedByThemselves) {
  for (const int size : {6, 7}) {
    for (const std::string mode : {"SAME_UPPER", "SAME_LOWER", "VALID"}) {
      begin(size);
      add("MaxPool", "max", {"start"},
          {{"kernel_shape", wide({3, 3})}, {"strides", wide({2, 2})}, {"auto_pad", std::string(mode)}});
      // 6: one place is missing, at the end or in front. 7: two, on both sides.
      WindowSizes window{.strides = {2, 2}};
      if (mode != "VALID") window.pads = size == 7 ? std::array{1, 1, 1, 1} : std::array{0, 0, 1, 1};
      if (mode == "SAME_LOWER") std::rotate(window.pads.begin(), window.pads.begin() + 2, window.pads.end());
      expect("max", 11, max_pooled(start(), window));
    }
  }
  add("MaxPool", "both", {"start"},
      {{"kernel_shape", wide({3, 3})}, {"pads", wide({1, 1, 1, 1})}, {"auto_pad", std::string("SAME_UPPER")}});
  EXPECT_THAT(refusal("both", 11), HasSubstr("pads"));
}

TEST_F(OperatorsTest, WindowsThatMayMeanTwoThingsAreRefused) {
  // Rounded up, a third window would begin behind the image.
  EXPECT_THAT(refused_node("MaxPool", 11, {},
                           {{"kernel_shape", wide({1, 1})},
                            {"strides", wide({6, 6})},
                            {"pads", wide({0, 0, 1, 1})},
                            {"ceil_mode", int64_t{1}}}),
              HasSubstr("window"));
  EXPECT_THAT(refused_node("AveragePool", 11, {},
                           {{"kernel_shape", wide({2, 2})},
                            {"strides", wide({2, 2})},
                            {"ceil_mode", int64_t{1}},
                            {"count_include_pad", int64_t{1}}}),
              HasSubstr("counts the border"));
  EXPECT_THAT(refused_node("MaxPool", 11, {}, {{"kernel_shape", wide({2, 2})}, {"dilations", wide({2, 2})}}),
              HasSubstr("holes"));
}

// The axes are an attribute up to opset 17 (ReduceSum: 12), an input since.
TEST_F(OperatorsTest, ReductionsReadTheirAxesWhereTheirOpsetHasThem) {
  const Planes means = reduced(start(), "mean");
  const Planes largest = reduced(start(), "max");
  onnx_.add_integers("sides", {2, 3});
  onnx_.add_integers("sides_from_the_end", {-1, -2});
  onnx_.add_integers("channels", {1});
  for (const int64_t keeps : {0, 1}) {
    const std::string kept = std::to_string(keeps);
    const OnnxAttribute keep{"keepdims", keeps};
    add("ReduceMean", "old" + kept, {"start"}, {keep, {"axes", wide({2, 3})}});
    add("ReduceMax", "old_max" + kept, {"start"}, {keep, {"axes", wide({-2, 3})}});
    for (const int64_t opset : {kFirstOpset, int64_t{11}, int64_t{13}, int64_t{17}}) {
      expect("old" + kept, opset, means);
      expect("old_max" + kept, opset, largest);
    }
  }
  begin(7);
  onnx_.add_integers("sides", {2, 3});
  onnx_.add_integers("sides_from_the_end", {-1, -2});
  onnx_.add_integers("channels", {1});
  for (const int64_t keeps : {0, 1}) {
    const std::string kept = std::to_string(keeps);
    const OnnxAttribute keep{"keepdims", keeps};
    add("ReduceMean", "new" + kept, {"start", "sides"}, {keep});
    add("ReduceMax", "new_max" + kept, {"start", "sides_from_the_end"}, {keep});
    expect("new" + kept, 18, means);
    expect("new_max" + kept, 21, largest);
  }
  add("ReduceMean", "grey", {"start", "channels"});
  add("GlobalMaxPool", "brightest", {"grey"});
  expect("grey", 18, channels_summed(start(), 1.0 / 3));
  expect("brightest", 18, reduced(channels_summed(start(), 1.0 / 3), "max"));
  begin(7);
  onnx_.add_integers("channels", {1});
  add("ReduceSum", "sum", {"start", "channels"});
  expect("sum", 13, channels_summed(start(), 1));
  begin(7);
  add("ReduceSum", "sum", {"start"}, {{"axes", wide({1})}});
  expect("sum", 12, channels_summed(start(), 1));
  add("GlobalAveragePool", "mean", {"start"});
  add("GlobalMaxPool", "max", {"start"});
  expect("mean", 9, means);
  expect("max", 9, largest);
}

TEST_F(OperatorsTest, WhatMovedToAnInputIsNeverOverlooked) {
  const OnnxAttribute axes{"axes", wide({2, 3})};
  for (const char* operation : {"ReduceMean", "ReduceMax"}) {
    EXPECT_THAT(refused_node(operation, 17, {"sides"}, {}), HasSubstr("its axes is an input"));
    EXPECT_THAT(refused_node(operation, 18, {}, {axes}), HasSubstr("its axes is an attribute"));
    EXPECT_THAT(refused_node(operation, 18, {}, {}), HasSubstr("all axes"));
    EXPECT_THAT(refused_node(operation, 13, {}, {}), HasSubstr("all axes"));
  }
  EXPECT_THAT(refused_node("ReduceSum", 12, {"one"}, {}), HasSubstr("its axes is an input"));
  EXPECT_THAT(refused_node("ReduceSum", 13, {}, {{"axes", wide({1})}}), HasSubstr("its axes is an attribute"));
  EXPECT_THAT(refused_node("Clip", 10, {"low"}, {}), HasSubstr("its min is an input"));
  EXPECT_THAT(refused_node("Clip", 11, {}, {{"min", -1.0f}}), HasSubstr("its min is an attribute"));
  EXPECT_THAT(refused_node("Clip", 11, {"start"}, {}), HasSubstr("computed"));
  EXPECT_THAT(refused_node("Squeeze", 12, {"sides"}, {}), HasSubstr("its axes is an input"));
  EXPECT_THAT(refused_node("Squeeze", 13, {}, {axes}), HasSubstr("its axes is an attribute"));
  EXPECT_THAT(refused_node("Unsqueeze", 12, {"sides"}, {}), HasSubstr("its axes is an input"));
  EXPECT_THAT(refused_node("Unsqueeze", 13, {}, {axes}), HasSubstr("its axes is an attribute"));
  EXPECT_THAT(refused_node("Pad", 10, {"sides"}, {}), HasSubstr("its pads is an input"));
  EXPECT_THAT(refused_node("Pad", 11, {}, {{"pads", wide({0, 0, 1, 1, 0, 0, 1, 1})}}), HasSubstr("is an attribute"));
  EXPECT_THAT(refused_node("Slice", 9, {"one", "one"}, {}), HasSubstr("its starts is an input"));
  EXPECT_THAT(refused_node("Slice", 10, {}, {{"starts", wide({0})}, {"ends", wide({1})}}),
              HasSubstr("is an attribute"));
  EXPECT_THAT(refused_node("Reshape", 4, {"one"}, {}), HasSubstr("its shape is an input"));
  EXPECT_THAT(refused_node("Reshape", 5, {}, {{"shape", wide({1, -1})}}), HasSubstr("its shape is an attribute"));
  EXPECT_THAT(refused_node("Dropout", 13, {"low", "low"}, {}), HasSubstr("training"));
  EXPECT_THAT(refused_node("Dropout", 6, {}, {}), HasSubstr("training"));
  EXPECT_THAT(refused_node("Split", 13, {"one"}, {{"axis", int64_t{1}}}), HasSubstr("not known"));
}

TEST_F(OperatorsTest, OpsetsAndDomainsThatAreNotKnownAreRefused) {
  onnx_.add_node("Relu", "relu", {"start"}, "relu");
  expect("relu", 23, each(start(), [](double value) { return std::max(value, 0.0); }));
  EXPECT_THAT(refusal("relu", 24), HasSubstr("of opset 24, newer than"));
  begin(7);
  onnx_.add_node("Relu", "relu", {"start"}, "relu", {}, "com.example");
  EXPECT_THAT(refusal("relu", 13), HasSubstr("not known"));
}

// Up to opset 12 over all that is behind the axis (1 when not said), since then over one axis, the last when not said.
TEST_F(OperatorsTest, ASoftmaxIsAlongTheAxisOfItsOpset) {
  add("GlobalAveragePool", "pool", {"start"});
  add("Flatten", "flat", {"pool"});
  Planes expected = each(reduced(start(), "mean"), [](double value) { return std::exp(value); });
  const float sum = expected.values[0] + expected.values[1] + expected.values[2];
  expected = each(expected, [sum](double value) { return value / sum; });
  const OnnxWriter before = onnx_;
  const auto softmax = [&](const std::string& input, const std::vector<OnnxAttribute>& attributes) {
    onnx_ = before;
    add("Softmax", "softmax", {input}, attributes);
  };
  softmax("flat", {});
  expect("softmax", 9, expected);
  expect("softmax", 13, expected);
  softmax("pool", {});
  expect("softmax", 11, expected);
  EXPECT_THAT(refusal("softmax", 13), HasSubstr("classes"));  // over the last side, which is 1
  softmax("pool", {{"axis", int64_t{1}}});
  expect("softmax", 12, expected);
  expect("softmax", 17, expected);
  softmax("flat", {{"axis", int64_t{0}}});
  expect("softmax", 12, expected);
  EXPECT_THAT(refusal("softmax", 13), HasSubstr("classes"));
  softmax("pool", {{"axis", int64_t{2}}});
  EXPECT_THAT(refusal("softmax", 12), HasSubstr("classes"));
}

TEST_F(OperatorsTest, ActivationsOfEveryKind) {
  onnx_.add_weights("low", {}, {-1.0f});
  onnx_.add_weights("high", {1}, {0.5f});
  add("Sigmoid", "sigmoid", {"start"});
  add("HardSigmoid", "hard", {"start"});
  add("HardSigmoid", "hard_sixth", {"start"}, {{"alpha", 1.0f / 6}, {"beta", 0.5f}});
  add("HardSwish", "swish", {"start"});
  add("LeakyRelu", "leaky", {"start"}, {{"alpha", 0.1f}});
  add("Mul", "silu", {"start", "sigmoid"});
  add("Relu", "above", {"hard"});
  add("Clip", "clip", {"start", "low", "high"});
  add("Clip", "clip_high", {"start", "", "high"});
  expect("sigmoid", 14, each(start(), sigmoid));
  expect("hard", 14, each(start(), [](double value) { return std::clamp(0.2 * value + 0.5, 0.0, 1.0); }));
  expect("above", 14, each(start(), [](double value) { return std::clamp(0.2 * value + 0.5, 0.0, 1.0); }));
  expect("hard_sixth", 14, each(start(), [](double value) { return std::clamp(value / 6 + 0.5, 0.0, 1.0); }));
  expect("swish", 14, each(start(), [](double value) { return value * std::clamp(value / 6 + 0.5, 0.0, 1.0); }));
  expect("leaky", 14, each(start(), [](double value) { return value < 0 ? 0.1f * value : value; }));
  expect("silu", 14, each(start(), [](double value) { return value * sigmoid(value); }));
  expect("clip", 14, each(start(), [](double value) { return std::clamp(value, -1.0, 0.5); }));
  expect("clip_high", 14, each(start(), [](double value) { return std::min(value, 0.5); }));
}

TEST_F(OperatorsTest, ConstantsAreOneNumberOrOneAChannel) {
  const std::vector<float> numbers{0.5f, -1.5f, 2.0f};
  onnx_.add_weights("column", {3, 1, 1}, numbers);
  onnx_.add_weights("whole", {1, 3, 1, 1}, numbers);
  onnx_.add_weights("row", {7}, std::vector<float>(7, 1.0f));
  add("Add", "sum", {"start", "column"});
  add("Sub", "less", {"start", "whole"});
  add("Sub", "turned", {"column", "start"});
  add("Mul", "product", {"whole", "start"});
  add("Div", "divided", {"start", "column"});
  const auto by_channel = [&](const std::function<double(double, double)>& of) {
    Planes result = start();
    for (size_t i = 0; i < result.values.size(); ++i)
      result.values[i] = static_cast<float>(of(result.values[i], numbers[i % 3]));
    return result;
  };
  expect("sum", 9, by_channel([](double value, double number) { return value + number; }));
  expect("less", 9, by_channel([](double value, double number) { return value - number; }));
  expect("turned", 9, by_channel([](double value, double number) { return number - value; }));
  expect("product", 9, by_channel([](double value, double number) { return number * value; }));
  expect("divided", 9, by_channel([](double value, double number) { return value / number; }));
  EXPECT_THAT(refusal("sum", 6), HasSubstr("opset"));
  add("Add", "along", {"start", "row"});
  EXPECT_THAT(refusal("along", 9), HasSubstr("one number a channel"));
  begin(3);  // as many places in a row as channels
  onnx_.add_weights("row", {3}, numbers);
  add("Add", "along", {"start", "row"});
  EXPECT_THAT(refusal("along", 9), HasSubstr("one number a channel"));
  begin(7);
  onnx_.add_weights("column", {3, 1, 1}, numbers);
  add("Div", "inverse", {"column", "start"});
  EXPECT_THAT(refusal("inverse", 9), HasSubstr("divides"));
}

TEST_F(OperatorsTest, LayersOfOnePlaceOrOneChannelAreRepeated) {
  add("GlobalAveragePool", "pool", {"start"});
  add("ReduceMean", "grey", {"start"}, {{"axes", wide({1})}});
  add("Mul", "scaled", {"pool", "start"});
  add("Add", "raised", {"start", "grey"});
  const Planes image = start();
  const Planes means = reduced(image, "mean");
  const Planes grey = channels_summed(image, 1.0 / 3);
  Planes scaled = image;
  Planes raised = image;
  for (size_t i = 0; i < image.values.size(); ++i) {
    scaled.values[i] *= means.values[i % 3];
    raised.values[i] += grey.values[i / 3];
  }
  expect("scaled", 9, scaled);
  expect("raised", 9, raised);
  add("Flatten", "flat", {"pool"});
  add("Mul", "mixed", {"start", "flat"});
  EXPECT_THAT(refusal("mixed", 9), HasSubstr("different sizes"));
}

// What torchvision's InceptionV3 does with its input, and a row of channels cut out.
TEST_F(OperatorsTest, ChannelsAreChosenAndPutSideBySide) {
  for (const int64_t opset : {9, 13}) {
    begin(7);
    onnx_.add_integer("red", 0);
    onnx_.add_integer("blue", -1);
    onnx_.add_integers("green", {1});
    onnx_.add_integers("second_axis", {1});
    onnx_.add_integers("three", {3});
    std::vector<Planes> parts;
    std::vector<std::string> names;
    for (const std::string name : {"red", "blue"}) {
      add("Gather", name + "_plane", {"start", name}, {{"axis", int64_t{1}}});
      const bool input = opset >= 13;
      add("Unsqueeze", name + "_channel",
          input ? std::vector<std::string>{name + "_plane", "second_axis"} : std::vector<std::string>{name + "_plane"},
          input ? std::vector<OnnxAttribute>{} : std::vector<OnnxAttribute>{{"axes", wide({1})}});
      add("Mul", name + "_scaled", {name + "_channel", "four"});
      names.push_back(name + "_scaled");
      parts.push_back(each(chosen(start(), name == "red" ? 0 : 2, 1), [](double value) { return 4 * value; }));
    }
    add("Gather", "green_channel", {"start", "green"}, {{"axis", int64_t{1}}});
    names.emplace_back("green_channel");
    parts.push_back(chosen(start(), 1, 1));
    if (opset < 10)
      add("Slice", "last_two", {"start"}, {{"axes", wide({1})}, {"starts", wide({-2})}, {"ends", wide({99})}});
    if (opset >= 10) add("Slice", "last_two", {"start", "green", "three", "second_axis"});
    names.emplace_back("last_two");
    parts.push_back(chosen(start(), 1, 2));
    add("Concat", "all", names, {{"axis", int64_t{1}}});
    add("Relu", "relu", {"all"});
    expect("last_two", opset, parts.back());
    expect("red_plane", opset, chosen(start(), 0, 1));
    expect("all", opset, joined(parts));
    expect("relu", opset, each(joined(parts), [](double value) { return std::max(value, 0.0); }));
  }
}

TEST_F(OperatorsTest, LayersBehindAndBesideAConcatAreRunInPieces) {
  std::vector<float> weights(8 * 3);
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i] = static_cast<float>(std::sin(static_cast<double>(i)));
  onnx_.add_weights("w", {8, 3, 1, 1}, weights);
  add("Conv", "a", {"start", "w"}, {{"kernel_shape", wide({1, 1})}});
  add("Relu", "b", {"a"});
  add("Concat", "c", {"start", "b", "start"}, {{"axis", int64_t{1}}});
  add("GlobalAveragePool", "d", {"c"});
  add("Sigmoid", "e", {"d"});
  add("Mul", "f", {"c", "e"});
  add("Concat", "g", {"f", "b"}, {{"axis", int64_t{-3}}});
  const Planes a = convolved(start(), {.kernel = {1, 1}}, weights, 8);
  const Planes b = each(a, [](double value) { return std::max(value, 0.0); });
  const Planes c = joined({start(), b, start()});
  const Planes e = each(reduced(c, "mean"), sigmoid);
  Planes f = c;
  for (size_t i = 0; i < f.values.size(); ++i)
    f.values[i] *= e.values[i % e.values.size()];
  expect("c", 11, c);
  expect("f", 11, f);
  expect("g", 11, joined({f, b}));
}

TEST_F(OperatorsTest, PadsAreOfZerosOrAnotherNumber) {
  const std::vector<int64_t> pads{0, 0, 1, 2, 0, 0, 3, 0};  // begins, ends
  Planes expected(7 + 1 + 3, 7 + 2, 3);
  std::fill(expected.values.begin(), expected.values.end(), 1.5f);
  const Planes image = start();
  for (int y = 0; y < 7; ++y) {
    for (int x = 0; x < 7; ++x) {
      for (int c = 0; c < 3; ++c)
        expected.at(y + 1, x + 2, c) = image.at(y, x, c);
    }
  }
  add("Pad", "old", {"start"}, {{"pads", pads}, {"value", 1.5f}});
  expect("old", 10, expected);
  begin(7);
  onnx_.add_integers("pads", pads);
  onnx_.add_weights("fill", {}, {1.5f});
  add("Pad", "new", {"start", "pads", "fill"});
  for (const int64_t opset : {11, 13, 19})
    expect("new", opset, expected);
  onnx_.add_integers("axes", {2, 3});
  add("Pad", "some", {"start", "pads", "fill", "axes"});
  EXPECT_THAT(refusal("some", 18), HasSubstr("some axes"));
  begin(7);
  onnx_.add_integers("pads", pads);
  add("Pad", "mirrored", {"start", "pads"}, {{"mode", std::string("reflect")}});
  EXPECT_THAT(refusal("mirrored", 13), HasSubstr("other values"));
}

TEST_F(OperatorsTest, FullyConnectedLayersByGemmAndByMatMul) {
  const std::vector<float> weights{1, 2, 3, 4, 5, 6};  // 2 x 3
  onnx_.add_weights("w", {2, 3}, weights);
  onnx_.add_weights("turned", {3, 2}, {1, 4, 2, 5, 3, 6});
  onnx_.add_weights("bias", {2}, {0.5f, -0.5f});
  add("GlobalAveragePool", "pool", {"start"});
  add("Flatten", "flat", {"pool"});
  add("Gemm", "gemm", {"flat", "w", "bias"}, {{"transB", int64_t{1}}});
  add("MatMul", "product", {"flat", "turned"});
  add("Add", "raised", {"product", "bias"});
  add("Relu", "relu", {"raised"});
  const Planes means = reduced(start(), "mean");
  Planes expected(1, 1, 2);
  for (size_t i = 0; i < 2; ++i) {
    for (size_t c = 0; c < 3; ++c)
      expected.values[i] += weights[3 * i + c] * means.values[c];
  }
  expect("product", 9, expected);
  expected.values[0] += 0.5f;
  expected.values[1] -= 0.5f;
  expect("gemm", 9, expected);
  expect("raised", 9, expected);
  expect("relu", 9, each(expected, [](double value) { return std::max(value, 0.0); }));
}

TEST_F(OperatorsTest, SidesOfOneComeAndGo) {
  onnx_.add_integers("sides", {2, 3});
  onnx_.add_integers("from_the_end", {-1, -2});
  onnx_.add_integers("flat", {1, -1});
  onnx_.add_integers("kept", {0, 0, 1, 1});
  add("GlobalAveragePool", "pool", {"start"});
  add("Squeeze", "squeezed", {"pool", "sides"});
  add("Unsqueeze", "back", {"squeezed", "from_the_end"});
  add("Reshape", "row", {"back", "flat"});
  add("Reshape", "places", {"row", "kept"}, {{"allowzero", int64_t{0}}});
  add("Identity", "same", {"places"});
  add("Dropout", "dropped", {"same"});
  add("Transpose", "turned", {"dropped"}, {{"perm", wide({0, 1, 3, 2})}});
  for (const char* layer : {"squeezed", "back", "row"})
    expect(layer, 13, reduced(start(), "mean"));
  add("Relu", "end", {"squeezed"});
  expect("end", 13, each(reduced(start(), "mean"), [](double value) { return std::max(value, 0.0); }));
  add("Transpose", "last", {"start"}, {{"perm", wide({0, 2, 3, 1})}});
  EXPECT_THAT(refusal("last", 13), HasSubstr("turns the image"));
  begin(7);
  add("Flatten", "flat", {"start"});
  EXPECT_THAT(refusal("flat", 13), HasSubstr("mixes"));
}

// x.view(x.size(0), -1), and x.view(x.size(0), x.size(1)), as torch writes them.
TEST_F(OperatorsTest, ShapesMayBeComputedOfSizes) {
  for (const int64_t opset : {11, 17}) {
    begin(7);
    onnx_.add_integer("zero", 0);
    onnx_.add_integers("second", {1});
    onnx_.add_integers("rest", {-1});
    onnx_.add_integers("first_axis", {0});
    add("GlobalAveragePool", "pool", {"start"});
    add("Shape", "sizes", {"pool"});
    add("Gather", "batch", {"sizes", "zero"});
    if (opset < 13) add("Unsqueeze", "batch_row", {"batch"}, {{"axes", wide({0})}});
    if (opset >= 13) add("Unsqueeze", "batch_row", {"batch", "first_axis"});
    add("Gather", "channels_row", {"sizes", "second"}, {{"axis", int64_t{0}}});
    add("Cast", "channels_cast", {"channels_row"}, {{"to", int64_t{7}}});
    add("Concat", "target", {"batch_row", "rest"}, {{"axis", int64_t{0}}});
    add("Concat", "other", {"batch_row", "channels_cast"}, {{"axis", int64_t{0}}});
    add("Reshape", "flat", {"pool", "target"});
    add("Reshape", "same", {"flat", "other"});
    add("Relu", "relu", {"same"});
    expect("flat", opset, reduced(start(), "mean"));
    expect("relu", opset, each(reduced(start(), "mean"), [](double value) { return std::max(value, 0.0); }));
    add("Shape", "some", {"pool"}, {{"start", int64_t{1}}});
    EXPECT_THAT(refusal("flat", opset), HasSubstr("Shape \"some\""));
  }
}

// Torch writes equal weights once, and an Identity for each of the others; OpenCV 4.6 refuses those.
TEST_F(OperatorsTest, WeightsMayGoByAnotherName) {
  std::vector<float> weights(9, 0.25f);
  onnx_.add_weights("w", {3, 3, 1, 1}, weights);
  add("Identity", "renamed", {"w"});
  add("Identity", "again", {"renamed"});
  add("Conv", "conv", {"start", "again"});
  expect("conv", 13, convolved(start(), {.kernel = {1, 1}}, weights, 3));
}

TEST_F(OperatorsTest, ABatchNormInTrainingIsRefused) {
  for (const char* name : {"scale", "bias", "mean", "variance"})
    onnx_.add_weights(name, {3}, {1, 1, 1});
  const std::vector<std::string> inputs{"start", "scale", "bias", "mean", "variance"};
  add("BatchNormalization", "norm", inputs, {{"epsilon", 0.0f}});
  expect("norm", 9, start());
  expect("norm", 15, start());
  EXPECT_THAT(refused_node("BatchNormalization", 6, {"scale", "bias", "mean", "variance"}, {}), HasSubstr("training"));
  begin(7);
  for (const char* name : {"scale", "bias", "mean", "variance"})
    onnx_.add_weights(name, {3}, {1, 1, 1});
  add("BatchNormalization", "training", inputs, {{"training_mode", int64_t{1}}});
  EXPECT_THAT(refusal("training", 15), HasSubstr("training"));
}

TEST_F(OperatorsTest, SizesThatAreAbsurdAreRefused) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  const int64_t least = std::numeric_limits<int64_t>::min();
  for (const int64_t size : {most, least, int64_t{-2}, int64_t{1} << 40}) {
    begin(7);
    onnx_.add_integers("sizes", {size, size});
    onnx_.add_integers("four", {0, 0, size, size, 0, 0, size, size});
    onnx_.add_integers("one", {size});
    onnx_.add_integers("second", {1});
    add("GlobalAveragePool", "pool", {"start"});
    add("Reshape", "reshape", {"pool", "sizes"});
    add("Squeeze", "squeeze", {"pool", "sizes"});
    add("Unsqueeze", "unsqueeze", {"pool", "sizes"});
    add("Pad", "pad", {"start", "four"});
    add("Gather", "gather", {"start", "one"}, {{"axis", int64_t{1}}});
    add("ReduceMean", "mean", {"start", "sizes"});
    add("MaxPool", "pooled", {"start"}, {{"kernel_shape", std::vector<int64_t>{size, size}}});
    add("MaxPool", "far", {"start"}, {{"kernel_shape", wide({2, 2})}, {"pads", {std::vector<int64_t>(4, size)}}});
    add("Flatten", "flatten", {"pool"}, {{"axis", size}});
    add("Softmax", "softmax", {"pool"}, {{"axis", size}});
    add("Concat", "concat", {"pool", "pool"}, {{"axis", size}});
    const OnnxWriter all = onnx_;
    for (const char* layer : {"reshape", "squeeze", "unsqueeze", "pad", "gather", "mean", "pooled", "far", "flatten",
                              "softmax", "concat"}) {
      EXPECT_FALSE(refusal(layer, 18).empty()) << layer << " with " << size;
    }
    begin(7);
    onnx_.add_integers("one", {size});
    onnx_.add_integers("second", {1});
    add("Slice", "slice", {"start", "one", "one", "second"});
    EXPECT_FALSE(refusal("slice", 18).empty()) << size;
  }
  begin(7);
  add("MaxPool", "wide", {"start"},
      {{"kernel_shape", wide({65536, 65536})},
       {"dilations", wide({65536, 65536})},
       {"auto_pad", std::string("SAME_UPPER")}});
  EXPECT_THAT(refusal("wide", 11), HasSubstr("window"));
  begin(7);
  onnx_.add_integers("pads", {0, 0, 60000, 60000, 0, 0, 0, 0});
  add("Pad", "pad", {"start", "pads"});
  EXPECT_THAT(refusal("pad", 13), HasSubstr("too large"));
}

}  // namespace
}  // namespace lookalike

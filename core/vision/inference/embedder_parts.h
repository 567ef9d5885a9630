// What all kinds of embedders do alike: choose and check layers, check what came out.
// Internal to this folder. Threads: free functions without state.
// Tested by tests/core/vision/inference/embedder_test.cc
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/vision/inference/embedder.h"
#include "core/vision/inference/network_file.h"
#include "core/vision/onnx/network_layer.h"

namespace lookalike {

struct OutputLayers {
  size_t output = 0;
  size_t logits = 0;  // what the output's softmax reads; the output when it has none
  bool ends_in_softmax = false;
};

struct ChosenLayers {
  size_t feature = 0;
  NetworkSpec spec;  // with what was found filled in
};

bool all_finite(std::span<const float> values);
// One score a class, and more than one class.
bool is_classifier(const NetworkLayer& output);

// Errors: model: no such feature layer; labels of another network.
Result<ChosenLayers> choose_layers(std::span<const NetworkLayer> layers, const OutputLayers& outputs,
                                   const NetworkSpec& spec, const NetworkFile& file);

// Errors that name the network.
Error network_error(const NetworkSpec& spec, const std::string& what);
// Errors: model, when a value is not finite.
Result<Embedding> checked_embedding(const NetworkSpec& spec, Embedding embedding);
Result<std::vector<ClassProbability>> checked_classes(const NetworkSpec& spec, std::span<const float> scores, int top);

}  // namespace lookalike

// The two engines that run networks, and what they do alike: choose and check layers, check what came out.
// Internal to this folder. Shapes, threads: as Embedder; the functions keep no state.
// Tested by tests/core/vision/inference/embedder_loader_test.cc and xnnpack_embedder_test.cc
#pragma once

#include <cstddef>
#include <memory>
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

// Embeddings by XNNPACK, for networks of the operations that network_graph.h knows (xnnpack_embedder.cc).
// The layers behind the feature layer are prepared when what they give is first asked for: most photos need none of it.
// All embedders share what is made of the file: graph and plan, with the weights that batch norms are folded into.
struct XnnpackParts;

// Errors: model: what in this network is not known here, and whatever OpenCV would refuse too.
Result<std::shared_ptr<const XnnpackParts>> prepare_xnnpack(const NetworkSpec& spec,
                                                            std::shared_ptr<const NetworkFile> file);
// Errors: model: XNNPACK refuses it.
Result<std::unique_ptr<Embedder>> load_xnnpack_embedder(std::shared_ptr<const XnnpackParts> parts);

// Embeddings by OpenCV's dnn: the reference, and what runs any network that OpenCV reads (opencv_embedder.cc).
// Errors: model, naming the file; a wrong layer name is answered with the layers that could be meant.
Result<std::unique_ptr<Embedder>> load_opencv_embedder(const NetworkSpec& spec, const NetworkFile& file);

}  // namespace lookalike

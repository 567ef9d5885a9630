// Loads embedders: by XNNPACK where it was built in and knows all of the network's operations, else by OpenCV's dnn,
// whose values are the reference (they agree to about 1e-6).
// Operations: each is read as the file's opset means it. One that neither engine is known to compute rightly is refused
// by name (docs/formats.md lists those that run).
// Threads: any.
// Tested by tests/core/vision/inference/embedder_loader_test.cc and tests/core/vision/inference/operators_test.cc
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/vision/inference/embedder.h"

namespace lookalike {

enum class InferenceEngine { fastest, opencv, xnnpack };

// Loads the file and checks it: one image input, layers exist, as many classes as labels (or one more, the
// background first). The file's input size, where it states one, goes before the spec's.
// Errors: model, naming the file; a wrong layer name is answered with the layers that could be meant.
Result<std::unique_ptr<Embedder>> load_embedder(const NetworkSpec& spec,
                                                InferenceEngine engine = InferenceEngine::fastest);

// Loads any number of embedders of one network. Its file is read once, at the first of them: a file that is replaced or
// removed later changes nothing, and all embedders share its bytes and what was made of them.
// Threads: any.
class EmbedderLoader {
 public:
  explicit EmbedderLoader(NetworkSpec spec, InferenceEngine engine = InferenceEngine::fastest);
  ~EmbedderLoader();
  // Errors: as load_embedder().
  Result<std::unique_ptr<Embedder>> load();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct LayerInfo {
  std::string name;        // what --layer takes
  std::string type;        // OpenCV's word: "Convolution"
  std::vector<int> shape;  // without the batch: {320, 7, 7}
};

// Every layer that --layer can name, in the network's order. Errors: model.
Result<std::vector<LayerInfo>> list_layers(const NetworkSpec& spec);

}  // namespace lookalike

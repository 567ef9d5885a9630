// Image to embedding and classes: by XNNPACK where it was built in and knows all of the network's operations, else by
// OpenCV's dnn, whose values are the reference (they agree to about 1e-6).
// Shapes: a convolutional layer C x H x W is returned in H, W, C order (7 x 7 x 320 = 15,680 for MobileNetV2's last
// bottleneck), as the original program has it; a pooled layer as it is.
// Source: Sato, "CLEAR: A Fully User-side Image Search System", CIKM 2022; its program's score.js.
// Operations: each is read as the file's opset means it. One that neither engine is known to compute rightly is refused
// by name (docs/formats.md lists those that run).
// Cost: measured by bench/vision_bench.cc; embed() stops at the feature layer, the others run the whole network.
// Threads: an Embedder belongs to one thread at a time; load one for each worker, by one EmbedderLoader.
// Tested by tests/core/vision/inference/embedder_test.cc and tests/core/vision/inference/parity_test.cc
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/feature_source.h"
#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/vision/decode/image.h"

namespace lookalike {

struct ClassProbability {
  int index = 0;     // in the labels, so 0 is the background where there is one
  std::string name;  // "tabby, tabby cat"
  double probability = 0;
};

struct Description {
  Embedding embedding;
  std::vector<ClassProbability> classes;  // most probable first
};

struct LayerInfo {
  std::string name;        // what --layer takes
  std::string type;        // OpenCV's word: "Convolution"
  std::vector<int> shape;  // without the batch: {320, 7, 7}
};

enum class InferenceEngine { fastest, opencv, xnnpack };

class Embedder {
 public:
  // Loads the file and checks it: one image input, layers exist, as many classes as labels (or one more, the
  // background first). The file's input size, where it states one, goes before the spec's.
  // Errors: model, naming the file; a wrong layer name is answered with the layers that could be meant.
  static Result<std::unique_ptr<Embedder>> load(const NetworkSpec& spec,
                                                InferenceEngine engine = InferenceEngine::fastest);
  virtual ~Embedder() = default;

  // As loaded: input size, digest, layer names and whether the output is probabilities are those found.
  virtual const NetworkSpec& spec() const = 0;
  // "XNNPACK" or "OpenCV".
  virtual std::string_view engine() const = 0;
  virtual int dimensions() const = 0;
  // Errors: model, when the network fails or gives values that are not finite. REQUIRES: the image is not empty
  virtual Result<Embedding> embed(const Image& image) = 0;
  // The embedding, and behind it the network's output before its softmax: dimensions() + output_dimensions() values.
  // One run where the feature layer is on the way to the output, as it nearly always is; else two. Errors: as embed().
  virtual Result<Embedding> embed_with_output(const Image& image) = 0;
  virtual int output_dimensions() const = 0;
  // Embedding and the `top` most probable classes, in one pass. No classes when the network gives none.
  virtual Result<Description> describe(const Image& image, int top) = 0;
};

// Loads any number of embedders of one network. Its file is read once, at the first of them: a file that is replaced or
// removed later changes nothing, and all embedders share its bytes and what was made of them.
// Threads: any.
class EmbedderLoader {
 public:
  explicit EmbedderLoader(NetworkSpec spec, InferenceEngine engine = InferenceEngine::fastest);
  ~EmbedderLoader();
  // Errors: as Embedder::load().
  Result<std::unique_ptr<Embedder>> load();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Every layer that --layer can name, in the network's order. Errors: model.
Result<std::vector<LayerInfo>> list_layers(const NetworkSpec& spec);

}  // namespace lookalike

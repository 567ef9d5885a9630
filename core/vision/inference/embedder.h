// Image to embedding and classes: what every engine that runs a network gives.
// Shapes: a convolutional layer C x H x W is returned in H, W, C order (7 x 7 x 320 = 15,680 for MobileNetV2's last
// bottleneck), as the original program has it; a pooled layer as it is.
// Source: Sato, "CLEAR: A Fully User-side Image Search System", CIKM 2022; its program's score.js.
// Cost: measured by bench/vision_bench.cc; embed() stops at the feature layer, the others run the whole network.
// Threads: an Embedder belongs to one thread at a time; load one for each worker (embedder_loader.h).
// Tested by tests/core/vision/inference/embedder_loader_test.cc and tests/core/vision/inference/parity_test.cc
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/feature_source.h"
#include "core/base/network_spec.h"
#include "core/base/result.h"
#include "core/vision/decode/image.h"
#include "core/vision/inference/network_classes.h"

namespace lookalike {

struct Description {
  Embedding embedding;
  std::vector<ClassProbability> classes;  // most probable first
};

class Embedder {
 public:
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

}  // namespace lookalike

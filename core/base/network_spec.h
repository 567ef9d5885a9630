// What a network expects and gives; filled from the catalogue or from the command line.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace lookalike {

struct NetworkSpec {
  std::string name;      // "mobilenet_v2"
  std::string path;      // of the ONNX file
  std::string sha256;    // of that file, for caches and reports; may be empty
  int input_size = 224;  // square
  bool rgb = true;       // else BGR
  // value = (pixel / 255 - mean) / scale, per channel in the network's channel order
  std::array<float, 3> mean{0.5f, 0.5f, 0.5f};
  std::array<float, 3> scale{0.5f, 0.5f, 0.5f};
  std::string feature_layer;              // empty: found by shape
  std::string logits_layer;               // empty: the network's last output
  bool embeds_output = false;             // the embedding is that output (before its softmax), not the feature layer
  bool logits_are_probabilities = false;  // the output went through softmax already
  double score_scale = 1000;        // brings the dot products of its embeddings to about 50 for a photo with itself
  std::vector<std::string> labels;  // one a class, background first when there is one; may be empty
};

// A word for a family of the classes that a network tells apart: "dog" for 116 breeds.
struct ClassFamily {
  std::string_view word;
  int classes = 0;  // how many belong to it
};

}  // namespace lookalike

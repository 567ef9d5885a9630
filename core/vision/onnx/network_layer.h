// A loaded network's layers as plain values, so that looking for one needs no network.
#pragma once

#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace lookalike {

struct NetworkLayer {
  std::string name;                  // as the network's file has it, what a user writes after --layer
  std::string full_name;             // as OpenCV has it
  std::string type;                  // OpenCV's: "Convolution", "ReLU6", "Pooling"
  std::vector<int> shape;            // of its first output, batch first
  std::vector<int> weights;          // shape of its first weight tensor; empty when it has none
  std::vector<size_t> inputs;        // positions of the layers it reads
  std::vector<std::string> aliases;  // names of the tensors it gives
};

inline int element_count(const std::vector<int>& shape) {
  return std::accumulate(shape.begin(), shape.end(), 1, std::multiplies<>());
}

// 4 dimensions with more than one place: what is flattened to H, W, C.
inline bool is_spatial(const std::vector<int>& shape) {
  return shape.size() == 4 && shape[2] * shape[3] > 1;
}

}  // namespace lookalike

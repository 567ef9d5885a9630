// Writes small ONNX files by hand, so that tests need no real network and no Python.
// Source: onnx.proto of ONNX 1.12; only what convolutional networks need.
// Threads: one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lookalike {

struct OnnxAttribute {
  std::string name;
  std::variant<int64_t, float, std::vector<int64_t>, std::string> value;
};

class OnnxWriter {
 public:
  using Shape = std::vector<int64_t>;  // -1: left open, under the name "N"

  void add_input(std::string_view name, const Shape& shape);
  void add_output(std::string_view name, const Shape& shape);
  // REQUIRES: as many values as the shape has places.
  void add_weights(std::string_view name, const Shape& shape, const std::vector<float>& values);
  // One row of 64-bit integers, such as the shape that a Reshape reads.
  void add_integers(std::string_view name, const std::vector<int64_t>& values);
  // The same without sides: a single number.
  void add_integer(std::string_view name, int64_t value);
  // Older exporters list weights among the inputs too.
  void list_weights_as_inputs() { weights_are_inputs_ = true; }
  // `name` may be empty; another domain than the standard one makes it another operator of the same name.
  void add_node(std::string_view operation, std::string_view name, const std::vector<std::string>& inputs,
                std::string_view output, const std::vector<OnnxAttribute>& attributes = {},
                std::string_view domain = "");

  std::string bytes(int64_t opset = 9) const;

 private:
  std::string nodes_, weights_, inputs_, outputs_, weight_inputs_;
  bool weights_are_inputs_ = false;
};

}  // namespace lookalike

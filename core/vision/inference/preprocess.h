// Pixels to a network's input: resized straight to a square, scaled to [0, 1], normalised, planes by channel.
// Source: the preprocessing of CLEAR's program (tfjs resizeBilinear with alignCorners), in float as there: OpenCV's
// fixed-point weights are not near enough.
// Shapes: out is 3 x size x size (C, H, W) or size x size x 3, channels in RGB or BGR order as the network has them.
// Cost: one pass over the rows that are needed, O(size * width + size^2); about 0.2 ms for 224 from 500 x 375.
// Threads: a Preprocessor belongs to one thread at a time (it keeps its buffers).
// Tested by tests/core/vision/inference/preprocess_test.cc
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/base/network_spec.h"
#include "core/vision/decode/image.h"

namespace lookalike {

// A JPEG is decoded at a fraction of its size only while both sides stay this many times the network's input. At 2,
// photos up to four times the input lose nothing (448 pixels at 224 are decoded in full, and so is all below 896),
// and those above come out of an average of at least 2 x 2 pixels instead of single ones.
inline constexpr int kDecodeOversize = 2;
inline int decode_size_for(int input_size) {
  return kDecodeOversize * input_size;
}

// Where a value stands in what a network reads.
enum class ChannelOrder { first, last };

class Preprocessor {
 public:
  // Keeps what it needs of the spec: input size, order of the colours, mean and scale.
  explicit Preprocessor(const NetworkSpec& spec, ChannelOrder order = ChannelOrder::first);

  // REQUIRES: out.size() == 3 * input_size * input_size; the image is at least 1 x 1 and its buffer complete.
  void run(const Image& image, std::span<float> out);

 private:
  struct Column {
    int left = 0;  // offsets into a row of RGB values
    int right = 0;
    float weight = 0;  // of the right one
  };

  void prepare_columns(int width);
  void blend_rows(const Image& image, int y);

  int size_;
  bool rgb_;
  ChannelOrder order_;
  std::array<float, 3> gain_{};  // value * gain + offset, by position in RGB
  std::array<float, 3> offset_{};
  int prepared_width_ = 0;
  std::vector<Column> columns_;
  std::vector<float> row_;  // two rows of the image, blended
};

}  // namespace lookalike

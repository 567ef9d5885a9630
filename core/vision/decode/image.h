// A decoded picture: 8-bit RGB, rows from the top, no padding.
#pragma once

#include <cstdint>
#include <vector>

namespace lookalike {

struct Image {
  int width = 0;  // as stored here, after scaled decoding and orientation
  int height = 0;
  int original_width = 0;  // of the file, after orientation
  int original_height = 0;
  std::vector<uint8_t> rgb;  // height x width x 3
};

}  // namespace lookalike

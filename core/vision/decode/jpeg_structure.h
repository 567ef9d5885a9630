// The markers of a JPEG file, walked without decoding: what decides how, and whether, it is decoded.
// Source: ITU-T T.81, annex B.
// Cost: one pass over the bytes.
// Threads: free functions without state.
// Tested by tests/core/vision/decode/jpeg_structure_test.cc
#pragma once

#include <string_view>
#include <vector>

namespace lookalike {

struct JpegStructure {
  std::vector<std::string_view> exif;  // Exif segments, from "Exif\0\0" on
  std::vector<std::string_view> xmp;   // XMP packets
  int scans = 0;                       // 1 for a baseline file, about 10 for a progressive one
  bool has_end = false;                // the end-of-image marker stands after the picture's data
  bool has_adobe = false;              // Adobe's segment: CMYK values are stored inverted
};

// REQUIRES: bytes start with FF D8. The views point into `bytes`.
JpegStructure jpeg_structure(std::string_view bytes);

}  // namespace lookalike

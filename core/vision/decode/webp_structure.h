// The chunks of a WebP file, walked without decoding: where the picture is, or an animation's first frame, and what
// says how it was held. The container's own length and the flags of its header are not believed, as programs that add
// or take away metadata get them wrong; unknown chunks and later frames are passed over.
// Source: WebP Container Specification (Google).
// Cost: one pass over the chunks' headers.
// Threads: free functions without state.
// Tested by tests/core/vision/decode/webp_structure_test.cc
#pragma once

#include <string_view>
#include <vector>

namespace lookalike {

struct WebpStructure {
  std::string_view data;   // a VP8 or VP8L stream; empty when there is none
  std::string_view alpha;  // beside a VP8 stream
  bool is_cut = false;     // the file ends inside that

  // Of an animation: where its first frame lies.
  bool is_animated = false;
  int canvas_width = 0;
  int canvas_height = 0;
  int left = 0;
  int top = 0;

  std::vector<std::string_view> exif;
  std::vector<std::string_view> xmp;
};

// REQUIRES: bytes start with "RIFF", four bytes, "WEBP". The views point into `bytes`.
WebpStructure webp_structure(std::string_view bytes);

}  // namespace lookalike

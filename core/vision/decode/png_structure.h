// The chunks of a PNG file, walked without decoding: what the picture is made of, and what says how it was held.
// Everything else stays outside: a decoder that never sees a text, a profile or a private chunk cannot stumble over it.
// Source: PNG specification, third edition, sections 5 and 11; ImageMagick's "Raw profile type" texts.
// Cost: one pass over the chunks' headers; checksums of what is kept beside the picture alone; texts are inflated only
// when their name says that they hold an orientation, to 1 MiB at most, and no more than 8 of them.
// Threads: free functions without state.
// Tested by tests/core/vision/decode/png_structure_test.cc
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lookalike {

struct PngStructure {
  // Signature, header, palette, transparency, data and end: a PNG file in pieces, whatever stood between them. Where
  // the file ends inside one of them, so do the pieces. They point into the file, or to constants.
  std::vector<std::string_view> picture;
  bool has_header = false;
  bool is_apples_own = false;  // compressed by the variant of iOS programs, which no PNG decoder reads

  std::vector<std::string> exif;  // blocks, of an eXIf chunk or a text; the chunk's first
  std::vector<std::string> xmp;   // packets
};

// REQUIRES: bytes start with PNG's signature
PngStructure png_structure(std::string_view bytes);

}  // namespace lookalike

// How a camera was held, as a file says it, and the turning of the picture after it.
// It is said in Exif blocks (TIFF, in either byte order, in the first directory, by a number of any integer type) and
// in XMP packets (exiv2 reads them), of which a file may have several. Exif goes before XMP, as cameras write it and
// most programs read it alone; of several the first that says anything counts.
// Source: TIFF 6.0; Exif 2.32, tag 0x0112: 1 as it is, 2 mirrored, 3 upside down, 4 both, 5 to 8 with the sides
// exchanged; XMP specification part 2, tiff:Orientation.
// Cost: a look at one directory; a packet is parsed only when it has the word in it; turning is one pass over the
// pixels.
// Threads: free functions without state.
// Tested by tests/core/vision/decode/orientation_test.cc
#pragma once

#include <optional>
#include <string_view>

#include "core/vision/decode/image.h"

namespace lookalike {

inline constexpr int kUpright = 1;

// `exif`: a TIFF block, with or without "Exif\0\0" before it. Nothing when it is damaged or says nothing.
std::optional<int> exif_orientation(std::string_view exif);
// Nothing when the packet is damaged, larger than 4 MiB, or says nothing.
std::optional<int> xmp_orientation(std::string_view packet);

// What the blocks and packets of a file come to. `Blocks`: a range of texts.
template <typename Blocks>
int orientation_of(const Blocks& exif, const Blocks& xmp) {
  for (const auto& block : exif) {
    if (const auto orientation = exif_orientation(block)) return *orientation;
  }
  for (const auto& packet : xmp) {
    if (const auto orientation = xmp_orientation(packet)) return *orientation;
  }
  return kUpright;
}

// The picture as it should be seen; its original size turns with it. REQUIRES: 1 <= orientation <= 8
Image turned_upright(Image image, int orientation);

// exiv2's process-wide switches: it says nothing on standard error, and its XMP parser knows how to lock. The first
// call does the work.
// REQUIRES: called before any other use of exiv2, by each of its users.
void prepare_exiv2();

}  // namespace lookalike

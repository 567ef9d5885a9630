// How a camera was held, from a file's Exif block (exiv2), and the turning of the picture after it.
// Source: Exif 2.32, tag 0x0112: 1 as it is, 2 mirrored, 3 upside down, 4 both, 5 to 8 with the sides exchanged.
// Cost: reading is skipped when the block cannot hold the tag; turning is one pass over the pixels.
// Threads: free functions without state.
// Tested by tests/core/vision/orientation_test.cc
#pragma once

#include <string_view>

#include "core/vision/image.h"

namespace lookalike {

inline constexpr int kUpright = 1;

// `exif`: a TIFF block, with or without "Exif\0\0" before it. kUpright when it is damaged or says nothing.
int orientation_of(std::string_view exif);

// The picture as it should be seen; its original size turns with it. REQUIRES: 1 <= orientation <= 8
Image turned_upright(Image image, int orientation);

}  // namespace lookalike

#include "core/vision/orientation.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <exiv2/exiv2.hpp>
#include <utility>

#include "core/vision/exiv2_setup.h"

namespace lookalike {
namespace {

using namespace std::string_view_literals;

// A camera's block is a few kilobytes, 64 at most in a JPEG; what is far beyond that is no camera's.
constexpr size_t kMaxExifBytes = 1 << 18;

// The tag's number followed by its type (SHORT), in either byte order. Most files do without, and exiv2 reads a
// whole block, maker notes and all, to find one number.
bool may_hold_orientation(std::string_view tiff) {
  return tiff.find("\x12\x01\x03\x00"sv) != tiff.npos || tiff.find("\x01\x12\x00\x03"sv) != tiff.npos;
}

int read_orientation(std::string_view tiff) {
  prepare_exiv2();
  Exiv2::ExifData data;
  Exiv2::ExifParser::decode(data, reinterpret_cast<const Exiv2::byte*>(tiff.data()),
                            static_cast<uint32_t>(tiff.size()));
  const auto found = data.findKey(Exiv2::ExifKey("Exif.Image.Orientation"));
  if (found == data.end() || found->count() < 1) return kUpright;
  const long value = found->toLong();
  return value >= 1 && value <= 8 ? static_cast<int>(value) : kUpright;
}

struct Step {
  ptrdiff_t start, right, down;  // in pixels of the source, for the target's corner, next column and next row
};

Step step_of(int orientation, ptrdiff_t width, ptrdiff_t height) {
  const ptrdiff_t last_column = width - 1;
  const ptrdiff_t last_row = (height - 1) * width;
  switch (orientation) {
    case 2: return {last_column, -1, width};
    case 3: return {last_row + last_column, -1, -width};
    case 4: return {last_row, 1, -width};
    case 5: return {0, width, 1};
    case 6: return {last_row, -width, 1};
    case 7: return {last_row + last_column, -width, -1};
    case 8: return {last_column, width, -1};
    default: return {0, 1, width};
  }
}

}  // namespace

int orientation_of(std::string_view exif) {
  if (exif.starts_with("Exif\0\0"sv)) exif.remove_prefix(6);
  if (exif.size() > kMaxExifBytes || !may_hold_orientation(exif)) return kUpright;
  try {
    return read_orientation(exif);
  } catch (const std::exception&) {  // a damaged block only loses the orientation
    return kUpright;
  }
}

Image turned_upright(Image image, int orientation) {
  assert(orientation >= 1 && orientation <= 8);
  if (orientation == kUpright) return image;
  const Step step = step_of(orientation, image.width, image.height);
  if (orientation >= 5) {
    std::swap(image.width, image.height);
    std::swap(image.original_width, image.original_height);
  }
  std::vector<uint8_t> turned(image.rgb.size());
  uint8_t* target = turned.data();
  for (int y = 0; y < image.height; ++y) {
    const uint8_t* source = image.rgb.data() + 3 * (step.start + y * step.down);
    for (int x = 0; x < image.width; ++x, source += 3 * step.right, target += 3) {
      std::copy_n(source, 3, target);
    }
  }
  image.rgb = std::move(turned);
  return image;
}

}  // namespace lookalike

#include "core/vision/decode/orientation.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <exiv2/exiv2.hpp>
#include <mutex>
#include <string>
#include <utility>

namespace lookalike {
namespace {

using namespace std::string_view_literals;

constexpr size_t kMaxPacketBytes = 4 << 20;
constexpr uint32_t kTag = 0x0112;
constexpr size_t kEntryBytes = 12;

bool is_orientation(int64_t value) {
  return value >= 1 && value <= 8;
}

// A TIFF block read at any place; nothing beyond its end.
class Tiff {
 public:
  explicit Tiff(std::string_view bytes) : bytes_(bytes), little_endian_(bytes.starts_with("II")) {}

  std::optional<uint32_t> number(size_t at, size_t count) const {
    if (at > bytes_.size() || bytes_.size() - at < count) return std::nullopt;
    uint32_t value = 0;
    for (size_t i = 0; i < count; ++i) {
      const size_t place = little_endian_ ? count - 1 - i : i;
      value = value << 8 | static_cast<unsigned char>(bytes_[at + place]);
    }
    return value;
  }

  bool has_header() const { return (little_endian_ || bytes_.starts_with("MM")) && number(2, 2) == 42u; }

  // The first of the entry's values.
  std::optional<uint32_t> value_of_entry(size_t entry) const {
    const auto type = number(entry + 2, 2);
    const auto count = number(entry + 4, 4);
    if (!type || !count || *count == 0) return std::nullopt;
    const size_t size = size_of(*type);
    if (size == 0) return std::nullopt;
    if (*count <= 4 / size) return number(entry + 8, size);
    const auto offset = number(entry + 8, 4);  // several values stand elsewhere
    return offset ? number(*offset, size) : std::nullopt;
  }

 private:
  // BYTE, SHORT, LONG and the signed ones; 0 for all others.
  static size_t size_of(uint32_t type) {
    switch (type) {
      case 1:
      case 6: return 1;
      case 3:
      case 8: return 2;
      case 4:
      case 9: return 4;
      default: return 0;
    }
  }

  std::string_view bytes_;
  bool little_endian_;
};

std::optional<int> orientation_in_packet(const std::string& packet) {
  prepare_exiv2();
  Exiv2::XmpData data;
  if (Exiv2::XmpParser::decode(data, packet) != 0) return std::nullopt;
  const auto found = data.findKey(Exiv2::XmpKey("Xmp.tiff.Orientation"));
  if (found == data.end() || found->count() < 1) return std::nullopt;
  const long value = found->toLong();
  return is_orientation(value) ? std::optional(static_cast<int>(value)) : std::nullopt;
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

void lock_or_unlock(void* mutex, bool lock) {
  auto* const own = static_cast<std::mutex*>(mutex);
  lock ? own->lock() : own->unlock();
}

}  // namespace

std::optional<int> exif_orientation(std::string_view exif) {
  if (exif.starts_with("Exif\0"sv) && exif.size() > 6) exif.remove_prefix(6);
  const Tiff tiff(exif);
  const auto directory = tiff.number(4, 4);
  if (!tiff.has_header() || !directory) return std::nullopt;
  const uint32_t entries = tiff.number(*directory, 2).value_or(0);
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = size_t{*directory} + 2 + i * kEntryBytes;
    const auto tag = tiff.number(entry, 2);
    if (!tag) return std::nullopt;  // the block ends early
    if (tag != kTag) continue;
    const auto value = tiff.value_of_entry(entry);
    if (value && is_orientation(*value)) return static_cast<int>(*value);
  }
  return std::nullopt;
}

std::optional<int> xmp_orientation(std::string_view packet) {
  if (packet.size() > kMaxPacketBytes || packet.find("Orientation") == packet.npos) return std::nullopt;
  try {
    return orientation_in_packet(std::string(packet));
  } catch (const std::exception&) {  // a damaged packet only loses the orientation
    return std::nullopt;
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

void prepare_exiv2() {
  static std::mutex namespaces;
  static const bool kReady = [] {
    Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
    return Exiv2::XmpParser::initialize(lock_or_unlock, &namespaces);
  }();
  static_cast<void>(kReady);
}

}  // namespace lookalike

#include "core/vision/decode/jpeg_structure.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace lookalike {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kXmpName = "http://ns.adobe.com/xap/1.0/\0"sv;
constexpr size_t kMaxBlocks = 8;

enum Marker : uint8_t {
  kRst0 = 0xd0,
  kRst7 = 0xd7,
  kSoi = 0xd8,
  kEoi = 0xd9,
  kSos = 0xda,
  kApp1 = 0xe1,
  kApp14 = 0xee
};

uint8_t byte_at(std::string_view bytes, size_t position) {
  return static_cast<uint8_t>(bytes[position]);
}

// The position of the next marker's code (not its FF) at or after `from`, npos when there is none.
size_t next_marker(std::string_view bytes, size_t from) {
  while (true) {
    from = bytes.find('\xff', from);
    if (from == bytes.npos) return bytes.npos;
    while (from < bytes.size() && byte_at(bytes, from) == 0xff)
      ++from;  // fill bytes
    if (from >= bytes.size()) return bytes.npos;
    if (byte_at(bytes, from) != 0) return from;  // FF 00 is a value of 255 in the picture's data
  }
}

bool stands_alone(uint8_t marker) {
  return (marker >= kRst0 && marker <= kSoi) || marker == 0x01;
}

void note_segment(JpegStructure& structure, uint8_t marker, std::string_view content) {
  if (marker == kSos) ++structure.scans;
  if (marker == kApp14 && content.starts_with("Adobe")) structure.has_adobe = true;
  if (marker != kApp1) return;
  if (content.starts_with("Exif\0"sv) && structure.exif.size() < kMaxBlocks) structure.exif.push_back(content);
  if (content.starts_with(kXmpName) && structure.xmp.size() < kMaxBlocks) {
    structure.xmp.push_back(content.substr(kXmpName.size()));
  }
}

}  // namespace

JpegStructure jpeg_structure(std::string_view bytes) {
  JpegStructure structure;
  size_t at = 2;
  while ((at = next_marker(bytes, at)) != bytes.npos) {
    const uint8_t marker = byte_at(bytes, at++);
    if (marker == kEoi) {
      structure.has_end = true;
      break;
    }
    if (stands_alone(marker)) continue;
    if (bytes.size() - at < 2) break;
    const size_t length = static_cast<size_t>(byte_at(bytes, at)) << 8 | byte_at(bytes, at + 1);
    if (length > bytes.size() - at) break;
    // Less than the length itself is nonsense; decoders go on behind it.
    if (length >= 2) note_segment(structure, marker, bytes.substr(at + 2, length - 2));
    at += std::max<size_t>(length, 2);
  }
  return structure;
}

}  // namespace lookalike

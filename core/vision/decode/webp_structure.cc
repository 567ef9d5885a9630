#include "core/vision/decode/webp_structure.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace lookalike {
namespace {

constexpr size_t kRiffBytes = 12;
constexpr size_t kHeadBytes = 8;
constexpr size_t kCanvasBytes = 10;
constexpr size_t kFrameBytes = 16;
constexpr size_t kMaxBlocks = 8;

struct Chunk {
  std::string_view type;
  std::string_view content;
  bool cut = false;  // the file ends inside
  size_t next = 0;
};

uint32_t little_endian(std::string_view bytes, size_t at, size_t count) {
  uint32_t value = 0;
  for (size_t i = count; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// Nothing at the end.
std::optional<Chunk> chunk_at(std::string_view bytes, size_t at) {
  if (at > bytes.size() || bytes.size() - at < kHeadBytes) return std::nullopt;
  const size_t length = little_endian(bytes, at + 4, 4);
  Chunk chunk{.type = bytes.substr(at, 4), .content = bytes.substr(at + kHeadBytes, length)};
  chunk.cut = chunk.content.size() < length;
  chunk.next = at + kHeadBytes + length + length % 2;
  return chunk;
}

// False: not part of a picture.
bool note_picture(const Chunk& chunk, WebpStructure& structure) {
  if (chunk.type == "ALPH") structure.alpha = chunk.content;
  if (chunk.type != "VP8 " && chunk.type != "VP8L") return false;
  structure.data = chunk.content;
  structure.is_cut = chunk.cut;
  if (chunk.type == "VP8L") structure.alpha = {};  // that has its own
  return true;
}

void note_frame(const Chunk& chunk, WebpStructure& structure) {
  const std::string_view frame = chunk.content;
  if (frame.size() < kFrameBytes) return;
  structure.is_animated = true;
  structure.alpha = {};
  structure.left = static_cast<int>(2 * little_endian(frame, 0, 3));
  structure.top = static_cast<int>(2 * little_endian(frame, 3, 3));
  size_t at = kFrameBytes;
  while (const auto part = chunk_at(frame, at)) {
    if (note_picture(*part, structure)) break;
    at = part->next;
  }
}

void note_block(std::string_view block, std::vector<std::string_view>& blocks) {
  if (blocks.size() < kMaxBlocks) blocks.push_back(block);
}

}  // namespace

WebpStructure webp_structure(std::string_view bytes) {
  WebpStructure structure;
  size_t at = kRiffBytes;
  while (const auto chunk = chunk_at(bytes, at)) {
    const bool found = !structure.data.empty();
    if (chunk->type == "VP8X" && chunk->content.size() >= kCanvasBytes) {
      structure.canvas_width = static_cast<int>(little_endian(chunk->content, 4, 3) + 1);
      structure.canvas_height = static_cast<int>(little_endian(chunk->content, 7, 3) + 1);
    }
    if (!found && chunk->type == "ANMF") note_frame(*chunk, structure);
    if (!found) note_picture(*chunk, structure);
    if (chunk->type == "EXIF") note_block(chunk->content, structure.exif);
    if (chunk->type == "XMP ") note_block(chunk->content, structure.xmp);
    at = chunk->next;
  }
  return structure;
}

}  // namespace lookalike

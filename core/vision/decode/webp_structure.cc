#include "core/vision/decode/webp_structure.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace lookalike {
namespace {

constexpr size_t kRiffBytes = 12;
constexpr size_t kWebpHeadBytes = 8;
constexpr size_t kCanvasBytes = 10;
constexpr size_t kWebpFrameBytes = 16;
constexpr size_t kMaxWebpChunks = 8;

struct WebpChunk {
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
std::optional<WebpChunk> webp_chunk_at(std::string_view bytes, size_t at) {
  if (at > bytes.size() || bytes.size() - at < kWebpHeadBytes) return std::nullopt;
  const size_t length = little_endian(bytes, at + 4, 4);
  WebpChunk chunk{.type = bytes.substr(at, 4), .content = bytes.substr(at + kWebpHeadBytes, length)};
  chunk.cut = chunk.content.size() < length;
  chunk.next = at + kWebpHeadBytes + length + length % 2;
  return chunk;
}

// False: not part of a picture.
bool note_picture(const WebpChunk& chunk, WebpStructure& structure) {
  if (chunk.type == "ALPH") structure.alpha = chunk.content;
  if (chunk.type != "VP8 " && chunk.type != "VP8L") return false;
  structure.data = chunk.content;
  structure.is_cut = chunk.cut;
  if (chunk.type == "VP8L") structure.alpha = {};  // that has its own
  return true;
}

void note_frame(const WebpChunk& chunk, WebpStructure& structure) {
  const std::string_view frame = chunk.content;
  if (frame.size() < kWebpFrameBytes) return;
  structure.is_animated = true;
  structure.alpha = {};
  structure.left = static_cast<int>(2 * little_endian(frame, 0, 3));
  structure.top = static_cast<int>(2 * little_endian(frame, 3, 3));
  size_t at = kWebpFrameBytes;
  while (const auto part = webp_chunk_at(frame, at)) {
    if (note_picture(*part, structure)) break;
    at = part->next;
  }
}

void note_block(std::string_view block, std::vector<std::string_view>& blocks) {
  if (blocks.size() < kMaxWebpChunks) blocks.push_back(block);
}

}  // namespace

WebpStructure webp_structure(std::string_view bytes) {
  WebpStructure structure;
  size_t at = kRiffBytes;
  while (const auto chunk = webp_chunk_at(bytes, at)) {
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

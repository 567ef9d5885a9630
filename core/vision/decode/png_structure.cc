#include "core/vision/decode/png_structure.h"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace lookalike {
namespace {

using namespace std::string_view_literals;

constexpr size_t kSignatureBytes = 8;
constexpr size_t kHeadBytes = 8;    // length and type
constexpr size_t kFrameBytes = 12;  // and the checksum
constexpr size_t kHeaderBytes = 13;
constexpr size_t kMaxProfileBytes = 1 << 20;
constexpr size_t kMaxProfiles = 8;
constexpr std::string_view kEnd = "\0\0\0\0IEND\xae\x42\x60\x82"sv;

struct Chunk {
  std::string_view type;
  std::string_view content;
  std::string_view whole;  // with its frame
  bool cut = false;        // the file ends inside
};

uint32_t big_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes.substr(0, 4))
    value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// Nothing at the end of the file.
std::optional<Chunk> chunk_at(std::string_view bytes, size_t at) {
  if (at >= bytes.size()) return std::nullopt;
  const std::string_view rest = bytes.substr(at);
  if (rest.size() < kHeadBytes) return Chunk{.type = "", .content = "", .whole = rest, .cut = true};
  const size_t length = big_endian(rest);
  Chunk chunk{.type = rest.substr(4, 4), .content = rest.substr(kHeadBytes, length), .whole = rest};
  chunk.cut = rest.size() - kHeadBytes < length + 4;
  if (!chunk.cut) chunk.whole = rest.substr(0, length + kFrameBytes);
  return chunk;
}

bool has_right_checksum(const Chunk& chunk) {
  const std::string_view checked = chunk.whole.substr(4, chunk.content.size() + 4);
  const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return !chunk.cut && sum == big_endian(chunk.whole.substr(chunk.whole.size() - 4));
}

// ---- texts

// As much as there is room for, and as can be: the orientation stands at the beginning of a block.
std::string inflated(std::string_view compressed) {
  std::string text(kMaxProfileBytes, '\0');
  uLongf size = text.size();
  (void)::uncompress(reinterpret_cast<Bytef*>(text.data()), &size, reinterpret_cast<const Bytef*>(compressed.data()),
                     compressed.size());
  text.resize(std::min<size_t>(size, kMaxProfileBytes));
  return text;
}

// Takes what is before a NUL off the text, with the NUL.
std::string_view take_string(std::string_view& text) {
  const size_t end = std::min(text.find('\0'), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

// What a tEXt, zTXt or iTXt chunk holds behind its keyword.
std::string text_of(std::string_view type, std::string_view rest) {
  if (type == "tEXt") return std::string(rest.substr(0, kMaxProfileBytes));
  if (type == "zTXt") return inflated(rest.substr(std::min<size_t>(1, rest.size())));
  const bool compressed = rest.starts_with('\1');
  rest.remove_prefix(std::min<size_t>(2, rest.size()));
  take_string(rest);  // language
  take_string(rest);  // the keyword in that language
  return compressed ? inflated(rest) : std::string(rest.substr(0, kMaxProfileBytes));
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// "\nexif\n      38\n45786966…": a name, the number of bytes, and the bytes as hexadecimal digits in lines.
std::string raw_profile(std::string_view text) {
  for (const int line : {0, 1, 2}) {
    const size_t end = text.find('\n');
    if (end == text.npos) return {};
    if (line == 0 && end > 0) continue;  // the empty line at the beginning is not there
    text.remove_prefix(end + 1);
  }
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    const int value = hex_value(c);
    if (value < 0) continue;
    if (high >= 0) bytes += static_cast<char>(high << 4 | value);
    high = high >= 0 ? -1 : value;
  }
  return bytes;
}

constexpr std::string_view kXmpKeyword = "http://ns.adobe.com/xap/1.0/\0"sv;

void note_text(const Chunk& chunk, PngStructure& structure) {
  if (structure.exif.size() + structure.xmp.size() >= kMaxProfiles) return;
  std::string_view rest = chunk.content;
  const std::string_view keyword = take_string(rest);
  if (keyword == "XML:com.adobe.xmp") structure.xmp.push_back(text_of(chunk.type, rest));
  if (!keyword.starts_with("Raw profile type ")) return;
  const std::string_view kind = keyword.substr(keyword.rfind(' ') + 1);
  if (kind != "exif" && kind != "APP1" && kind != "app1" && kind != "xmp") return;
  std::string profile = raw_profile(text_of(chunk.type, rest));
  if (profile.starts_with(kXmpKeyword)) {
    structure.xmp.push_back(profile.substr(kXmpKeyword.size()));
  } else if (kind == "xmp") {
    structure.xmp.push_back(std::move(profile));
  } else {
    structure.exif.push_back(std::move(profile));
  }
}

bool holds_text(std::string_view type) {
  return type == "tEXt" || type == "zTXt" || type == "iTXt";
}

// ---- the picture

struct Parts {
  Chunk header;
  Chunk palette;
  Chunk transparency;
  std::vector<std::string_view> data;  // neighbours are one piece
  bool ends_early = false;             // inside the data or before it
};

void add_data(const Chunk& chunk, Parts& parts) {
  auto& data = parts.data;
  if (!data.empty() && data.back().data() + data.back().size() == chunk.whole.data()) {
    data.back() = {data.back().data(), data.back().size() + chunk.whole.size()};
  } else {
    data.push_back(chunk.whole);
  }
}

// As the specification has it for the picture's colour type; other programs pass over what is not.
bool is_valid_transparency(const Parts& parts) {
  const Chunk& chunk = parts.transparency;
  if (chunk.type.empty() || !has_right_checksum(chunk)) return false;
  const size_t size = chunk.content.size();
  switch (parts.header.content[9]) {
    case 0: return size == 2;
    case 2: return size == 6;
    case 3: return size > 0 && size <= parts.palette.content.size() / 3;
    default: return false;
  }
}

void assemble(std::string_view signature, const Parts& parts, PngStructure& structure) {
  structure.picture.push_back(signature);
  structure.has_header = parts.header.content.size() == kHeaderBytes && !parts.header.cut;
  if (!structure.has_header) return;
  structure.picture.push_back(parts.header.whole);
  constexpr char kIndexed = 3;  // elsewhere a palette only suggests colours
  if (parts.header.content[9] == kIndexed && !parts.palette.type.empty())
    structure.picture.push_back(parts.palette.whole);
  if (is_valid_transparency(parts)) structure.picture.push_back(parts.transparency.whole);
  structure.picture.insert(structure.picture.end(), parts.data.begin(), parts.data.end());
  if (!parts.ends_early) structure.picture.push_back(kEnd);
}

}  // namespace

PngStructure png_structure(std::string_view bytes) {
  PngStructure structure;
  Parts parts;
  std::string exif;
  size_t at = kSignatureBytes;
  while (const auto chunk = chunk_at(bytes, at)) {
    const std::string_view type = chunk->type;
    if (type == "IEND") break;
    if (type == "IHDR" && parts.header.type.empty()) parts.header = *chunk;
    if (type == "PLTE" && parts.palette.type.empty()) parts.palette = *chunk;
    if (type == "tRNS" && parts.transparency.type.empty()) parts.transparency = *chunk;
    if (type == "IDAT") add_data(*chunk, parts);
    if (type == "CgBI") structure.is_apples_own = true;
    if (type == "eXIf" && exif.empty() && has_right_checksum(*chunk)) exif = chunk->content;
    if (holds_text(type) && !chunk->cut) note_text(*chunk, structure);
    if (chunk->cut) {
      parts.ends_early = parts.data.empty() || type == "IDAT";
      break;
    }
    at += chunk->whole.size();
  }
  parts.ends_early = parts.ends_early || parts.data.empty();
  if (!exif.empty()) structure.exif.insert(structure.exif.begin(), std::move(exif));
  assemble(bytes.substr(0, kSignatureBytes), parts, structure);
  return structure;
}

}  // namespace lookalike

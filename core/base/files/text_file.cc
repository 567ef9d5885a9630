#include "core/base/files/text_file.h"

#include <utf8proc.h>

#include <algorithm>
#include <utility>

#include "core/base/files/file.h"

namespace lookalike {
namespace {

using namespace std::string_view_literals;

constexpr utf8proc_int32_t kReplacement = 0xFFFD;

// How characters are stored: so many bytes a unit, the least one first or last.
struct Encoding {
  size_t unit_bytes = 2;
  bool little_endian = true;
};

uint32_t unit_at(std::string_view bytes, size_t at, const Encoding& encoding) {
  uint32_t unit = 0;
  for (size_t i = 0; i < encoding.unit_bytes; ++i) {
    const size_t place = encoding.little_endian ? encoding.unit_bytes - 1 - i : i;
    unit = unit << 8 | static_cast<unsigned char>(bytes[at + place]);
  }
  return unit;
}

bool is_high_surrogate(uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low_surrogate(uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

void append(std::string& text, uint32_t code_point) {
  const auto wanted = static_cast<utf8proc_int32_t>(std::min<uint32_t>(code_point, 0x110000));
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(utf8proc_codepoint_valid(wanted) ? wanted : kReplacement, bytes);
  text.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

// A unit that is cut off at the end is dropped.
std::string to_utf8(std::string_view bytes, const Encoding& encoding) {
  std::string text;
  text.reserve(bytes.size() / encoding.unit_bytes);
  for (size_t at = 0; at + encoding.unit_bytes <= bytes.size(); at += encoding.unit_bytes) {
    uint32_t unit = unit_at(bytes, at, encoding);
    const size_t next = at + encoding.unit_bytes;
    if (is_high_surrogate(unit) && next + encoding.unit_bytes <= bytes.size() &&
        is_low_surrogate(unit_at(bytes, next, encoding))) {
      unit = 0x10000 + ((unit - 0xD800) << 10) + (unit_at(bytes, next, encoding) - 0xDC00);
      at = next;
    }
    append(text, unit);
  }
  return text;
}

Result<std::string> named_text(Result<std::string> bytes, const std::string& name) {
  if (!bytes.ok()) return bytes;
  auto text = plain_text(*std::move(bytes));
  if (text.ok()) return text;
  return Error{text.error().code, name + ": " + text.error().message};
}

}  // namespace

Result<std::string> plain_text(std::string bytes) {
  const std::string_view all = bytes;
  // UTF-32's mark begins like UTF-16's.
  if (all.starts_with("\xFF\xFE\0\0"sv)) {
    bytes = to_utf8(all.substr(4), {.unit_bytes = 4});
  } else if (all.starts_with("\0\0\xFE\xFF"sv)) {
    bytes = to_utf8(all.substr(4), {.unit_bytes = 4, .little_endian = false});
  } else if (all.starts_with("\xFF\xFE"sv)) {
    bytes = to_utf8(all.substr(2), {});
  } else if (all.starts_with("\xFE\xFF"sv)) {
    bytes = to_utf8(all.substr(2), {.little_endian = false});
  } else if (all.starts_with("\xEF\xBB\xBF"sv)) {
    bytes.erase(0, 3);
  }
  if (bytes.find('\0') == std::string::npos) return bytes;
  return Error{ErrorCode::bad_data, "it holds NUL characters, so it is no text, or UTF-16: save it as UTF-8"};
}

std::vector<std::string_view> text_lines(std::string_view text) {
  const char line_end = text.find('\n') == std::string_view::npos ? '\r' : '\n';
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find(line_end), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Result<std::string> read_text(const std::string& name, int64_t max_bytes, const InputPatience& patience) {
  return named_text(read_input(name, max_bytes, patience), input_name(name));
}

Result<std::string> read_text_file(const std::filesystem::path& path, int64_t max_bytes) {
  return named_text(read_file(path, max_bytes), path.string());
}

}  // namespace lookalike

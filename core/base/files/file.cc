#include "core/base/files/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/files/file_replacement.h"
#include "core/base/files/unique_fd.h"

namespace lookalike {
namespace {

using namespace std::string_view_literals;

Error system_error(ErrorCode code, const std::string& what, const std::filesystem::path& path) {
  return Error{code, what + " " + path.string() + ": " + std::strerror(errno)};
}

// A file that cannot be replaced without a loss, and what is no regular file: its bytes change, it stays.
Status write_into(const std::filesystem::path& path, std::string_view bytes) {
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
  if (!file.is_open() || !write_all(file.get(), bytes)) return system_error(ErrorCode::usage, "cannot write", path);
  const bool synced = ::fsync(file.get()) == 0 || errno == EINVAL || errno == EROFS;  // a pipe has no disk
  if (!synced || !file.close()) return system_error(ErrorCode::usage, "cannot write", path);
  return {};
}

constexpr utf8proc_int32_t kNoCharacter = 0xFFFD;

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

void append_utf8(std::string& text, uint32_t code_point) {
  const auto wanted = static_cast<utf8proc_int32_t>(std::min<uint32_t>(code_point, 0x110000));
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(utf8proc_codepoint_valid(wanted) ? wanted : kNoCharacter, bytes);
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
    append_utf8(text, unit);
  }
  return text;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, int64_t max_bytes) {
  // Opening a named pipe would wait for somebody to write into it.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) return system_error(ErrorCode::not_found, "cannot open", path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return system_error(ErrorCode::not_found, "cannot read", path);
  if (S_ISDIR(info.st_mode)) return Error{ErrorCode::not_found, path.string() + " is a directory, not a file"};
  if (!S_ISREG(info.st_mode)) return Error{ErrorCode::not_found, path.string() + " is a pipe or a device, not a file"};
  const auto too_large = [&] {
    return Error{ErrorCode::bad_data, fmt::format("{} is larger than {} bytes", path.string(), max_bytes)};
  };
  if (info.st_size > max_bytes) return too_large();
  std::string bytes;
  bytes.reserve(static_cast<size_t>(info.st_size));
  char buffer[1 << 16];
  while (true) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(ErrorCode::not_found, "cannot read", path);
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(got));
    if (static_cast<int64_t>(bytes.size()) > max_bytes) return too_large();
  }
}

Status write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  struct stat named {};
  const bool exists = ::stat(path.c_str(), &named) == 0;
  if (exists && !S_ISREG(named.st_mode)) return write_into(path, bytes);
  auto fresh = FileReplacement::begin(behind_links(path));
  if (!fresh && exists) return write_into(path, bytes);
  if (fresh && write_all(fresh->descriptor(), bytes) && fresh->commit()) return {};
  return system_error(ErrorCode::usage, "cannot write", path);
}

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
  return Error{ErrorCode::bad_data, "it holds NUL characters, so it is not text, or it is UTF-16: save it as UTF-8"};
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

Result<std::string> named_text(Result<std::string> bytes, const std::string& name) {
  if (!bytes.ok()) return bytes;
  auto text = plain_text(*std::move(bytes));
  if (text.ok()) return text;
  return Error{text.error().code, name + ": " + text.error().message};
}

Result<std::string> read_text_file(const std::filesystem::path& path, int64_t max_bytes) {
  return named_text(read_file(path, max_bytes), path.string());
}

}  // namespace lookalike

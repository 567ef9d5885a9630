#include "models/conversion_mark.h"

#include <fstream>
#include <string_view>
#include <vector>

#include "core/base/text/digest.h"

namespace lookalike {
namespace {

constexpr size_t kDigits = 64;
// Tag and length of the property, tag, length and text of its key, tag and length of its value.
constexpr std::string_view kBeforeValue = "\x72\x94\x01\x0a\x0elookalike_mark\x12\x81\x01";
constexpr size_t kMarkBytes = kBeforeValue.size() + kDigits + 1 + kDigits;

Error no_mark(const std::filesystem::path& path) {
  return {ErrorCode::bad_data, path.string() + " does not end in the mark of a converted network"};
}

std::string digest_of_start(std::ifstream& file, size_t count) {
  Sha256 digest;
  std::vector<char> buffer(1 << 20);
  while (count > 0 && file.read(buffer.data(), static_cast<std::streamsize>(std::min(buffer.size(), count)))) {
    digest.update({buffer.data(), static_cast<size_t>(file.gcount())});
    count -= static_cast<size_t>(file.gcount());
  }
  return digest.finish();
}

}  // namespace

Result<std::string> source_in_mark(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto end = static_cast<int64_t>(file.tellg());
  if (!file || end < 0) return Error{ErrorCode::not_found, "cannot read " + path.string()};
  const auto size = static_cast<size_t>(end);
  if (size <= kMarkBytes) return no_mark(path);
  std::string mark(kMarkBytes, '\0');
  file.seekg(static_cast<std::streamoff>(size - kMarkBytes));
  if (!file.read(mark.data(), static_cast<std::streamsize>(mark.size()))) return no_mark(path);
  if (!mark.starts_with(kBeforeValue) || mark[kBeforeValue.size() + kDigits] != ' ') return no_mark(path);
  file.seekg(0);
  const std::string found = digest_of_start(file, size - kMarkBytes);
  if (!mark.ends_with(found)) {
    return Error{ErrorCode::bad_data, path.string() + " is damaged: the SHA-256 of what is before its mark is " +
                                          found + " instead of " + mark.substr(kMarkBytes - kDigits)};
  }
  return mark.substr(kBeforeValue.size(), kDigits);
}

}  // namespace lookalike

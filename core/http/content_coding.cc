#include "core/http/content_coding.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace lookalike {
namespace {

constexpr int kEitherHeader = 32 + MAX_WBITS;  // zlib finds out which

bool is_packed(std::string_view body) {
  if (body.size() < 2) return false;
  const auto first = static_cast<unsigned char>(body[0]);
  const auto second = static_cast<unsigned char>(body[1]);
  const bool is_gzip = first == 0x1f && second == 0x8b;
  const bool is_zlib = first == 0x78 && (first * 256 + second) % 31 == 0;
  return is_gzip || is_zlib;
}

class Inflater {
 public:
  explicit Inflater(std::string_view packed) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib only reads it
    stream_.avail_in = static_cast<uInt>(packed.size());
    state_ = ::inflateInit2(&stream_, kEitherHeader);
  }
  ~Inflater() { ::inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // The next piece; empty at the end, or where the data is damaged.
  std::string_view next() {
    if (state_ != Z_OK) return {};
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    state_ = ::inflate(&stream_, Z_NO_FLUSH);
    return {buffer_.data(), buffer_.size() - stream_.avail_out};
  }

 private:
  z_stream stream_{};
  int state_ = Z_OK;
  std::array<char, 1 << 15> buffer_;
};

}  // namespace

Result<std::string> unpacked(std::string body, int64_t max_bytes) {
  if (!is_packed(body)) return body;
  Inflater inflater(body);
  std::string bytes;
  for (std::string_view piece = inflater.next(); !piece.empty(); piece = inflater.next()) {
    if (static_cast<int64_t>(bytes.size() + piece.size()) > max_bytes) {
      return Error{ErrorCode::bad_data, fmt::format("the answer is larger than {} bytes", max_bytes)};
    }
    bytes.append(piece);
  }
  if (bytes.empty()) return Error{ErrorCode::bad_data, "the answer is damaged: it cannot be unpacked"};
  return bytes;
}

}  // namespace lookalike

#include "core/http/response_sink.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text/numbers.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr int64_t kMaxHeaderBytes = 256 << 10;
constexpr int64_t kMaxErrorPage = 64 << 10;
constexpr int64_t kMaxReserve = 1 << 20;  // a lie in Content-Length shall not cost more memory than this

// Beyond both, a body is no document but a bomb: deflate reaches 1032, real JSON and HTML rarely 50.
constexpr int64_t kBombRatio = 200;
constexpr int64_t kBombBytes = 1 << 20;
// libcurl counts a chunked body only after a whole buffer of it was handed on.
constexpr int64_t kUncounted = 16 << 10;

// -1 when the text is no number.
int64_t parse_length(std::string_view text) {
  return parse_number<int64_t>(text).value_or(-1);
}

}  // namespace

bool ResponseSink::header_line(std::string_view line) {
  header_bytes_ += static_cast<int64_t>(line.size());
  if (header_bytes_ > kMaxHeaderBytes) {
    return refuse(ErrorCode::bad_data, fmt::format("the answer's headers are larger than {} bytes", kMaxHeaderBytes));
  }
  if (headers_done_) return true;
  if (line.starts_with("HTTP/")) {
    begin_response(line);
    return true;
  }
  const std::string_view text = trim(line);
  if (text.empty()) return end_headers();
  add_header(text);
  return true;
}

bool ResponseSink::body_piece(std::string_view piece, int64_t transferred) {
  body_bytes_ += static_cast<int64_t>(piece.size());
  if (body_bytes_ > body_limit()) {
    return refuse(ErrorCode::bad_data, fmt::format("the answer is larger than {} bytes", body_limit()));
  }
  if (is_bomb(transferred + kUncounted)) return refuse(ErrorCode::bad_data, "the answer is a decompression bomb");
  if (on_data_ == nullptr || !is_success()) {
    response_.body.append(piece);
    return true;
  }
  handed_over_ = true;
  return (*on_data_)(piece) || refuse(ErrorCode::interrupted, "the transfer was stopped by its receiver");
}

bool ResponseSink::finish(int64_t transferred) {
  return !is_bomb(transferred) || refuse(ErrorCode::bad_data, "the answer is a decompression bomb");
}

void ResponseSink::begin_response(std::string_view status_line) {
  response_ = {};
  const size_t space = std::min(status_line.find(' '), status_line.size());
  response_.status =
      static_cast<long>(std::max<int64_t>(0, parse_length(trim(status_line.substr(space)).substr(0, 3))));
}

void ResponseSink::add_header(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view value = trim(line.substr(colon + 1));
  const auto [entry, is_new] = response_.headers.try_emplace(ascii_lower(trim(line.substr(0, colon))), value);
  if (!is_new) entry->second.append(", ").append(value);
}

bool ResponseSink::end_headers() {
  if (response_.status / 100 == 1) return true;  // "100 Continue": the real response follows
  headers_done_ = true;
  const auto length_header = response_.headers.find("content-length");
  if (length_header == response_.headers.end() || response_.headers.contains("content-encoding")) return true;
  const int64_t length = parse_length(length_header->second);
  if (length > body_limit()) {
    return refuse(ErrorCode::bad_data,
                  fmt::format("the answer announces {} bytes, more than the limit of {}", length, body_limit()));
  }
  if (length > 0 && on_data_ == nullptr) response_.body.reserve(static_cast<size_t>(std::min(length, kMaxReserve)));
  return true;
}

bool ResponseSink::refuse(ErrorCode code, std::string message) {
  failure_ = Error{code, std::move(message)};
  return false;
}

bool ResponseSink::is_bomb(int64_t transferred) const {
  return body_bytes_ > kBombBytes && body_bytes_ / kBombRatio > transferred &&
         response_.headers.contains("content-encoding");
}

int64_t ResponseSink::body_limit() const {
  return is_success() ? max_bytes_ : std::max(max_bytes_, kMaxErrorPage);
}

}  // namespace lookalike

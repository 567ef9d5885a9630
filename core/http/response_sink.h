// Takes in one HTTP response as it arrives and holds it to its limits: 256 KiB of headers, the request's bound on the
// decompressed body, and a bound on how far the body may have been compressed.
// Units: bytes.
// Threads: one.
// Tested by tests/core/http/response_sink_test.cc
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/http/http_message.h"

namespace lookalike {

class ResponseSink {
 public:
  using OnData = std::function<bool(std::string_view)>;

  // `on_data` may be null, is borrowed, and sees only bodies of 2xx answers.
  ResponseSink(int64_t max_bytes, const OnData* on_data) : max_bytes_(max_bytes), on_data_(on_data) {}

  // One line with its line break, status lines and the empty line at the end among them; also trailers.
  // False: the response is refused, see failure().
  bool header_line(std::string_view line);

  // The next piece of the decompressed body, and how many bytes of it libcurl has counted on the wire so far.
  bool body_piece(std::string_view piece, int64_t transferred);

  // After the last piece, when the exact size on the wire is known.
  bool finish(int64_t transferred);

  // Why one of the above said false; the message lacks the URL.
  const std::optional<Error>& failure() const { return failure_; }
  // on_data has seen a piece: the attempt cannot be repeated unnoticed.
  bool handed_over() const { return handed_over_; }
  HttpResponse& response() { return response_; }

 private:
  void begin_response(std::string_view status_line);
  void add_header(std::string_view line);
  bool end_headers();
  bool refuse(ErrorCode code, std::string message);
  bool is_bomb(int64_t transferred) const;
  bool is_success() const { return response_.status / 100 == 2; }
  // Error pages and redirects are kept small but not cut below what explains them.
  int64_t body_limit() const;

  int64_t max_bytes_;
  const OnData* on_data_;
  HttpResponse response_;
  std::optional<Error> failure_;
  int64_t header_bytes_ = 0;
  int64_t body_bytes_ = 0;
  bool headers_done_ = false;  // of the final response; what comes later is a trailer
  bool handed_over_ = false;
};

}  // namespace lookalike

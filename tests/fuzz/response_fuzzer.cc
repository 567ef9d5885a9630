// Any lines of headers, then any body: no crash, and no more of the body is kept than the limit allows. `./dev fuzz
// response`
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/http/response_sink.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr int64_t kMaxBytes = 100;
  lookalike::ResponseSink sink(kMaxBytes, nullptr);
  size_t at = 0;
  while (at < bytes.size()) {
    const size_t end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
    const std::string_view line = bytes.substr(at, end - at);
    at = end;
    if (!sink.header_line(line)) return 0;
    if (line == "\r\n") break;
  }
  constexpr size_t kPiece = 16;
  for (; at < bytes.size(); at += kPiece) {
    if (!sink.body_piece(bytes.substr(at, kPiece), static_cast<int64_t>(at))) break;
  }
  (void)sink.finish(static_cast<int64_t>(at));
  constexpr size_t kErrorPage = 64 << 10;  // what an answer that explains a failure may have in any case
  if (sink.response().body.size() > kErrorPage) __builtin_trap();
  return 0;
}

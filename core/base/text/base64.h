// Base64 (RFC 4648, with padding), by OpenSSL: how bytes that are no text are written into JSON.
// Threads: free functions without state.
// Tested by tests/core/base/text/base64_test.cc
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lookalike {

std::string base64_encode(std::string_view bytes);
// Nothing when the text is no base64.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace lookalike

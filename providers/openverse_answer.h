// Reads an answer of Openverse's image search, and of its token service.
// Source: https://api.openverse.org/v1/ (GET /v1/images/, POST /v1/auth_tokens/token/)
// Untrusted input: every photo that cannot be shown and downloaded is dropped, every string is valid UTF-8, and the
// numbers of tags and of photos are bounded.
// Threads: free functions without state.
// Tested by tests/providers/openverse_answer_test.cc; fuzzed.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/provider.h"
#include "core/base/result.h"

namespace lookalike {

inline constexpr int kOpenverseMaxPage = 20;
inline constexpr int kOpenversePageSize = 20;           // without a token; more is refused with 401
inline constexpr int kOpenversePageSizeWithToken = 50;  // beyond that searches become slow

struct OpenverseAnswer {
  PhotoPage page;
  int64_t matches = 0;  // of the whole search
};

struct OpenverseToken {
  std::string token;
  std::chrono::seconds lifetime{0};
};

// Photos that are marked as mature are left out unless `shows_mature`. Errors: bad_data (no JSON of its kind).
Result<OpenverseAnswer> parse_openverse_search(std::string_view body, bool shows_mature = false);

// Errors: bad_data.
Result<OpenverseToken> parse_openverse_token(std::string_view body);

// What the service says is wrong with a request, {"detail": …}, fit for a message; empty when it says nothing.
std::string openverse_detail(std::string_view body);

}  // namespace lookalike

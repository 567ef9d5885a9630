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
#include "providers/common/license_names.h"

namespace lookalike {

inline constexpr int kOpenverseDepth = 240;             // works that one search can reach, with or without a token
inline constexpr int kOpenversePageSize = 20;           // without a token; more is refused with 401
inline constexpr int kOpenversePageSizeWithToken = 48;  // beyond 50 searches become slow; the depth in five whole pages

struct OpenverseAnswer {
  PhotoPage page;
  int64_t matches = 0;  // of the whole search
};

struct OpenverseToken {
  std::string token;
  std::chrono::seconds lifetime{0};
};

// How an answer is read.
struct OpenverseReading {
  bool shows_mature = false;           // else photos that are marked as mature are left out
  int page_size = kOpenversePageSize;  // that was asked for
  LicenseWish wish = {};               // photos with other licences are left out
};

// Errors: bad_data (no JSON of its kind).
Result<OpenverseAnswer> parse_openverse_search(std::string_view body, const OpenverseReading& reading = {});

// Errors: bad_data.
Result<OpenverseToken> parse_openverse_token(std::string_view body);

// What the service says is wrong with a request, {"detail": …}, fit for a message; empty when it says nothing.
std::string openverse_detail(std::string_view body);

}  // namespace lookalike

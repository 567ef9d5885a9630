// A body as a server may have packed it, told by the bytes: headers are wrong often enough, and a picture is packed
// already, so that none is asked for otherwise.
// Source: RFC 1952 (gzip), RFC 1950 (zlib, which HTTP calls deflate).
// Threads: free functions without state.
// Tested by tests/core/http/content_coding_test.cc
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"

namespace lookalike {

// For requests of pictures.
inline constexpr const char* kPackedAlready = "Accept-Encoding: identity";

// gzip's and zlib's data unpacked, all else as it is. Of damaged data what could be unpacked, which may be enough.
// Errors: bad_data (larger than max_bytes when unpacked, or nothing could be).
Result<std::string> unpacked(std::string body, int64_t max_bytes);

}  // namespace lookalike

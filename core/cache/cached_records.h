// What the cache holds, as bytes: pages of photos as JSON, embeddings as they lie in memory.
// Untrusted input when read: whatever is not exactly a record of its kind is bad_data, and never names a file.
// Threads: free functions without state.
// Tested by tests/core/cache/cached_records_test.cc; fuzzed.
#pragma once

#include <string>
#include <string_view>

#include "core/base/feature_source.h"
#include "core/base/provider.h"
#include "core/base/result.h"

namespace lookalike {

std::string write_cached_page(const PhotoPage& page);
Result<PhotoPage> parse_cached_page(std::string_view bytes);

std::string write_cached_embedding(const Embedding& embedding);
// Only finite values.
Result<Embedding> parse_cached_embedding(std::string_view bytes);

}  // namespace lookalike

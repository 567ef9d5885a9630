// Reads an answer of Pixabay's image search, and its refusals, which come as plain text: "[ERROR 400] …".
// Source: https://pixabay.com/api/docs/
// Untrusted input: every photo that cannot be shown and downloaded is dropped, every string is valid UTF-8, and the
// numbers of tags and of photos are bounded.
// Threads: free functions without state.
// Tested by tests/providers/pixabay_answer_test.cc; fuzzed.
#pragma once

#include <string_view>

#include "core/base/provider.h"
#include "core/base/result.h"

namespace lookalike {

inline constexpr int kPixabayMinPerPage = 3;
inline constexpr int kPixabayMaxPerPage = 200;
inline constexpr int kPixabayMaxResults = 500;
inline constexpr std::string_view kPixabayLicense = "Pixabay Content License";

// `page` and `per_page` as asked for: the answer does not say them. Errors: bad_data.
Result<PhotoPage> parse_pixabay_search(std::string_view body, int page, int per_page);

// What a 400 means: auth (the key), usage (this query). Nothing for a page beyond the last one, which is empty.
Result<PhotoPage> read_pixabay_refusal(std::string_view body);

}  // namespace lookalike

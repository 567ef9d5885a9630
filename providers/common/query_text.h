// Text for a service's search, with nothing left in it that a query language could take for an operator.
// Search engines give a meaning to - + | " * ? ( ) ~ : ! / \ and the like; tags are written by strangers.
// Threads: free functions without state.
// Tested by tests/providers/common/query_text_test.cc
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

// The words of a text, in order: control characters and ASCII punctuation part them, but for - ' _ . & between two
// other characters ("well-known", "o'hara", "d.c"). Every script is kept.
std::vector<std::string> query_words(std::string_view text);

// Those words joined by `separator`, as many as fit into `max_code_points`; a first word that is too long is cut.
// Errors: usage when no word is left.
Result<std::string> query_text(std::string_view text, size_t max_code_points, std::string_view separator = " ");

}  // namespace lookalike

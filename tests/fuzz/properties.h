// What fuzz targets hold against the results of parsers, beyond "no crash".
#pragma once

#include <string>
#include <vector>

#include "core/base/text/text.h"

namespace lookalike {

// Ends the fuzzer's run with the input that broke it.
inline void check(bool holds) {
  if (!holds) __builtin_trap();
}

inline void check_valid(const std::string& text) {
  check(valid_utf8(text) == text);
}

// Fit for a terminal and for a query.
inline void check_tags(const std::vector<std::string>& tags) {
  for (const std::string& tag : tags)
    check(!tag.empty() && terminal_safe(tag) == tag);
}

}  // namespace lookalike

// The levels of --safe. Threads: free function without state. Tested by tests/providers/common/safe_level_test.cc
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/text/text.h"

namespace lookalike {

enum class SafeLevel { strict, moderate, off };

// Empty: strict. Errors: usage.
inline Result<SafeLevel> parse_safe_level(std::string_view text) {
  if (text.empty() || text == "strict") return SafeLevel::strict;
  if (text == "moderate") return SafeLevel::moderate;
  if (text == "off") return SafeLevel::off;
  return Error{ErrorCode::usage, "--safe " + terminal_safe(text) + " is not known: use strict, moderate or off"};
}

}  // namespace lookalike

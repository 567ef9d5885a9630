// An API key as a user gave it, made fit to be sent.
// Threads: free function without state. Tested by tests/providers/flickr/flickr_test.cc and pixabay_test.cc
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/text/text.h"

namespace lookalike {

// Trimmed. Errors: auth (none, or characters that no key has), with where to get one; the key is not shown.
inline Result<std::string> checked_api_key(std::string_view given, const std::string& service,
                                           const std::string& variable, const std::string& where) {
  const std::string_view key = trim(given);
  if (key.empty()) {
    return Error{ErrorCode::auth, service + " needs an API key: give --api-key KEY or --api-key-file FILE, or set " +
                                      variable + "; get one at " + where};
  }
  const bool printable = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (printable && key.size() <= 256) return std::string(key);
  return Error{ErrorCode::auth, "the API key for " + service +
                                    " holds blanks or other characters that no key has: check it at " + where};
}

}  // namespace lookalike

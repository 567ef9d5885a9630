// Cuts text from outside to a bounded length without breaking a character.
// Threads: free function without state.
// Tested by tests/providers/common/clip_text_test.cc
#pragma once

#include <string>
#include <string_view>

namespace lookalike {

// The first `count` code points of `utf8`. REQUIRES: valid UTF-8
inline std::string clip_text(std::string_view utf8, size_t count) {
  size_t at = 0;
  for (; at < utf8.size(); ++at) {
    const bool starts_character = (static_cast<unsigned char>(utf8[at]) & 0xC0) != 0x80;
    if (starts_character && count-- == 0) break;
  }
  return std::string(utf8.substr(0, at));
}

}  // namespace lookalike

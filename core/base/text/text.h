// Text that came from outside, made fit to compare, to store and to show. Unicode by utf8proc.
// Threads: free functions without state.
// Tested by tests/core/base/text/text_test.cc
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lookalike {

// The same text with each malformed byte sequence replaced by U+FFFD and NUL removed.
std::string valid_utf8(std::string_view text);

// Fit for a terminal: valid UTF-8, and no control characters (escape sequences among them), no bidirectional
// overrides or isolates, no line or paragraph separators. Runs of white space become one space.
std::string terminal_safe(std::string_view text);

// What two spellings of one tag have in common: case folded, NFC, white space collapsed and trimmed.
// "Tabby  Cat" and "tabby cat" share a key. Empty when nothing is left.
std::string tag_key(std::string_view tag);

// The words of a text, case folded, in order: runs of ASCII letters and digits, and of anything beyond ASCII.
std::vector<std::string> folded_words(std::string_view text);

// Columns that the text takes on a terminal (East Asian wide characters take two).
int display_width(std::string_view text);
// At most `columns` wide, the last column an ellipsis when something was cut. REQUIRES: columns >= 1, valid UTF-8
std::string fit_width(std::string_view text, int columns);

std::string ascii_lower(std::string_view text);
std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);  // empty parts are kept
// "a, b, c". `Parts`: a range of texts.
template <typename Parts>
std::string join(const Parts& parts, std::string_view separator) {
  std::string text;
  bool first = true;
  for (const auto& part : parts) {
    if (!first) text += separator;
    first = false;
    text += part;
  }
  return text;
}
// Each `what` becomes `with`; what was put in is not looked at again. REQUIRES: `what` is not empty
void replace_all(std::string& text, std::string_view what, std::string_view with);

}  // namespace lookalike

#include "providers/common/query_text.h"

#include <algorithm>
#include <utility>

#include "core/base/text/text.h"
#include "providers/common/clip_text.h"

namespace lookalike {
namespace {

constexpr std::string_view kWithinWords = "-'_.&";

bool is_punctuation(char c) {
  const auto byte = static_cast<unsigned char>(c);
  const bool letter_or_digit =
      (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
  return byte < 0x80 && !letter_or_digit;
}

size_t code_points(std::string_view utf8) {
  return static_cast<size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::vector<std::string> query_words(std::string_view text) {
  const std::string clean = terminal_safe(text);
  std::vector<std::string> words;
  std::string word;
  for (size_t i = 0; i <= clean.size(); ++i) {
    const bool inside = i > 0 && i + 1 < clean.size() && !is_punctuation(clean[i - 1]) && !is_punctuation(clean[i + 1]);
    const bool ends = i == clean.size() ||
                      (is_punctuation(clean[i]) && (!inside || kWithinWords.find(clean[i]) == std::string_view::npos));
    if (!ends) {
      word += clean[i];
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

Result<std::string> query_text(std::string_view text, size_t max_code_points, std::string_view separator) {
  std::string joined;
  size_t used = 0;
  for (const std::string& word : query_words(text)) {
    const std::string_view between = joined.empty() ? std::string_view() : separator;
    const size_t more = between.size() + code_points(word);
    if (used + more > max_code_points) break;
    joined.append(between).append(word);
    used += more;
  }
  if (!joined.empty()) return joined;
  const std::vector<std::string> words = query_words(text);
  if (!words.empty()) return clip_text(words.front(), max_code_points);
  return Error{ErrorCode::usage, "nothing to search for is left of \"" + clip_text(terminal_safe(text), 60) + "\""};
}

}  // namespace lookalike

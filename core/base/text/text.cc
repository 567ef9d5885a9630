#include "core/base/text/text.h"

#include <utf8proc.h>

#include <cstdint>
#include <cstdlib>
#include <utility>

namespace lookalike {
namespace {

constexpr utf8proc_int32_t kReplacement = 0xFFFD;

void append(std::string& out, utf8proc_int32_t code_point) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(code_point, bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

// Calls visit(code point) for each character; malformed bytes are visited as U+FFFD, one a byte.
template <typename Visit>
void for_each_code_point(std::string_view text, Visit visit) {
  const auto* data = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  size_t at = 0;
  while (at < text.size()) {
    utf8proc_int32_t code_point = kReplacement;
    const auto used = utf8proc_iterate(data + at, static_cast<utf8proc_ssize_t>(text.size() - at), &code_point);
    at += used > 0 ? static_cast<size_t>(used) : 1;
    visit(used > 0 ? code_point : kReplacement);
  }
}

bool is_space(utf8proc_int32_t c) {
  if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85) return true;
  const auto category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

// Zero-width joiners build emoji and are needed by some scripts; the other format characters only deceive.
bool is_unsafe(utf8proc_int32_t c) {
  if (c == 0x200C || c == 0x200D) return false;
  const auto category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_CN ||
         category == UTF8PROC_CATEGORY_CO || category == UTF8PROC_CATEGORY_CS;
}

// Appends characters with white space collapsed to single spaces, none at either end.
class SpaceCollapser {
 public:
  void add(utf8proc_int32_t c) {
    if (is_space(c)) {
      pending_ = !out_.empty();
      return;
    }
    if (pending_) out_ += ' ';
    pending_ = false;
    append(out_, c);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool pending_ = false;
};

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for_each_code_point(text, [&out](utf8proc_int32_t c) {
    if (c != 0) append(out, c);
  });
  return out;
}

std::string terminal_safe(std::string_view text) {
  SpaceCollapser out;
  for_each_code_point(text, [&out](utf8proc_int32_t c) {
    if (is_space(c) || !is_unsafe(c)) out.add(c);
  });
  return out.take();
}

std::string tag_key(std::string_view tag) {
  const std::string clean = terminal_safe(tag);
  utf8proc_uint8_t* folded = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(clean.data()),
                                 static_cast<utf8proc_ssize_t>(clean.size()), &folded, options);
  if (size < 0) return clean;
  std::string key(reinterpret_cast<const char*>(folded), static_cast<size_t>(size));
  std::free(folded);  // utf8proc allocates with malloc
  return key;
}

std::vector<std::string> folded_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : tag_key(text) + ' ') {
    const auto byte = static_cast<unsigned char>(c);
    const bool in_word = byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
    if (in_word) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

int display_width(std::string_view text) {
  int width = 0;
  for_each_code_point(text, [&width](utf8proc_int32_t c) { width += utf8proc_charwidth(c); });
  return width;
}

std::string fit_width(std::string_view text, int columns) {
  if (display_width(text) <= columns) return std::string(text);
  std::string out;
  int width = 0;
  bool full = false;
  for_each_code_point(text, [&](utf8proc_int32_t c) {
    full = full || width + utf8proc_charwidth(c) > columns - 1;
    if (full) return;
    width += utf8proc_charwidth(c);
    append(out, c);
  });
  return out + "…";
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n\f\v");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n\f\v") - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (true) {
    const size_t end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace lookalike

#include "providers/folder/words.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

// Sorted, for binary search.
constexpr auto kStopWords = std::to_array<std::string_view>(
    {"a",     "about", "after",  "all",   "also",  "am",   "an",     "and",  "any",   "are",   "as",    "at",
     "be",    "been",  "before", "being", "but",   "by",   "called", "can",  "could", "did",   "do",    "does",
     "each",  "for",   "from",   "had",   "has",   "have", "he",     "her",  "here",  "him",   "his",   "how",
     "i",     "if",    "in",     "into",  "is",    "it",   "its",    "just", "like",  "made",  "make",  "many",
     "me",    "more",  "most",   "my",    "no",    "not",  "of",     "on",   "one",   "or",    "other", "our",
     "out",   "over",  "she",    "so",    "some",  "such", "than",   "that", "the",   "their", "them",  "then",
     "there", "these", "they",   "this",  "those", "to",   "up",     "used", "very",  "was",   "we",    "were",
     "what",  "when",  "where",  "which", "while", "who",  "will",   "with", "would", "you",   "your"});
static_assert(std::is_sorted(kStopWords.begin(), kStopWords.end()));

// What cameras, phones and services call files and folders.
constexpr auto kNamesWithoutMeaning = std::to_array<std::string_view>(
    {"dcim", "dsc",  "dscf",    "dscn",     "file", "files", "gif",   "image",  "images",
     "img",  "imgp", "jpeg",    "jpg",      "mvc",  "mvimg", "photo", "photos", "pic",
     "pics", "pict", "picture", "pictures", "png",  "pxl",   "wa",    "webp"});
static_assert(std::is_sorted(kNamesWithoutMeaning.begin(), kNamesWithoutMeaning.end()));

// Plurals that no rule about endings finds.
constexpr auto kIrregularPlurals = std::to_array<std::pair<std::string_view, std::string_view>>({{"children", "child"},
                                                                                                 {"feet", "foot"},
                                                                                                 {"geese", "goose"},
                                                                                                 {"knives", "knife"},
                                                                                                 {"leaves", "leaf"},
                                                                                                 {"loaves", "loaf"},
                                                                                                 {"men", "man"},
                                                                                                 {"mice", "mouse"},
                                                                                                 {"teeth", "tooth"},
                                                                                                 {"wolves", "wolf"},
                                                                                                 {"women", "woman"}});

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

// Letters, marks and numbers of any script.
bool belongs_to_word(utf8proc_int32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const auto category = utf8proc_category(c);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

void append_lower(std::string& out, utf8proc_int32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return;
  }
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(utf8proc_tolower(c), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

std::string without_accents(std::string_view word) {
  utf8proc_uint8_t* folded = nullptr;
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
                                 static_cast<utf8proc_ssize_t>(word.size()), &folded, options);
  if (size < 0) return std::string(word);
  std::string out(reinterpret_cast<const char*>(folded), static_cast<size_t>(size));
  std::free(folded);  // utf8proc allocates with malloc
  return out;
}

// Both sides of a comparison go through this, so it need not give English words ("houses" and "house" must agree, and
// do: both become "hous").
void drop_plural(std::string& word) {
  const auto ends = [&word](std::string_view ending) { return std::string_view(word).ends_with(ending); };
  for (const auto& [plural, singular] : kIrregularPlurals) {
    if (word == plural) word = singular;
  }
  if (word.size() < 3) return;
  if (ends("ies") && word.size() > 4) {
    word.replace(word.size() - 3, 3, "y");
  } else if (ends("ie") && word.size() > 4) {  // "cookie" as "cookies"
    word.replace(word.size() - 2, 2, "y");
  } else if (ends("ses") || ends("xes") || ends("zes") || ends("ches") || ends("shes") || ends("oes")) {
    word.erase(word.size() - 2);
  } else if (word.size() > 3 && ends("s") && !ends("ss") && !ends("us") && !ends("is")) {
    word.erase(word.size() - 1);
  } else if (ends("se") || ends("xe") || ends("ze") || ends("che") || ends("she") || ends("oe")) {
    word.erase(word.size() - 1);
  }
}

bool is_number(std::string_view word) {
  return std::all_of(word.begin(), word.end(), is_ascii_digit);
}

// One letter of our alphabet says nothing; one character of a script without spaces may.
bool says_something(std::string_view word) {
  return word.size() > 1 && !is_number(word) && !is_stop_word(word);
}

// Digests and the like: "3f9a0c21d4".
bool is_hexadecimal_number(std::string_view word) {
  const bool has_digit = std::any_of(word.begin(), word.end(), is_ascii_digit);
  return has_digit && word.size() >= 8 && word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "005nickel" and "sportscar2" are numbered, "b52" leaves nothing that says something.
std::string without_number(std::string_view word) {
  if (is_hexadecimal_number(word)) return {};
  while (!word.empty() && is_ascii_digit(word.front()))
    word.remove_prefix(1);
  while (!word.empty() && is_ascii_digit(word.back()))
    word.remove_suffix(1);
  return std::string(word);
}

bool names_something(std::string_view word) {
  return says_something(word) && !std::binary_search(kNamesWithoutMeaning.begin(), kNamesWithoutMeaning.end(), word);
}

template <typename Keep>
std::vector<std::string> tags_of_words(const std::vector<std::string>& words, Keep keep) {
  std::vector<std::string> tags;
  for (const std::string& word : words) {
    if (keep(word) && std::find(tags.begin(), tags.end(), word) == tags.end()) tags.push_back(word);
  }
  if (tags.size() < 2 || tags.size() > 3) return tags;
  std::string phrase;
  for (const std::string& tag : tags)
    phrase += (phrase.empty() ? "" : " ") + tag;
  tags.insert(tags.begin(), std::move(phrase));
  return tags;
}

// "cementMixer2" -> "cement Mixer2"
std::string parted_at_case(std::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool lower_before = i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    if (lower_before && name[i] >= 'A' && name[i] <= 'Z') out += ' ';
    out += name[i];
  }
  return out;
}

}  // namespace

std::vector<std::string> search_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  const auto* data = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (size_t at = 0; at < text.size();) {
    utf8proc_int32_t c = data[at];
    // Most text is ASCII, for which the library's tables are slow.
    const auto used = c < 0x80 ? 1 : utf8proc_iterate(data + at, static_cast<utf8proc_ssize_t>(text.size() - at), &c);
    at += used > 0 ? static_cast<size_t>(used) : 1;
    if (used > 0 && belongs_to_word(c)) {
      append_lower(word, c);
    } else {
      end_word();
    }
  }
  end_word();
  return words;
}

std::string match_term(std::string_view word) {
  std::string term = is_ascii(word) ? ascii_lower(word) : without_accents(word);
  drop_plural(term);
  return term;
}

bool is_stop_word(std::string_view word) {
  return std::binary_search(kStopWords.begin(), kStopWords.end(), word);
}

std::vector<std::string> tags_of_sentence(std::string_view sentence) {
  return tags_of_words(search_words(sentence), says_something);
}

std::vector<std::string> tags_of_name(std::string_view name) {
  std::vector<std::string> words = search_words(parted_at_case(name));
  for (std::string& word : words)
    word = without_number(word);
  return tags_of_words(words, names_something);
}

}  // namespace lookalike

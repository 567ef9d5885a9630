#include "providers/tag_cleaner.h"

#include <algorithm>

#include "core/base/files/file.h"
#include "core/base/text/text.h"
#include "providers/stop_tags.h"

namespace lookalike {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string squashed(std::string_view tag) {
  std::string key = tag_key(tag);
  std::erase_if(key, [](char c) { return c == ' ' || c == '-' || c == '_'; });
  return key;
}

// Something that is no digit, blank or ASCII punctuation: a letter of any script, or a sign such as an emoji.
bool has_letter(std::string_view tag) {
  return std::any_of(tag.begin(), tag.end(),
                     [](unsigned char c) { return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

// '%' takes all the digits there are, of which there must be one; so nothing is tried twice.
bool matches(std::string_view pattern, std::string_view key) {
  size_t at = 0;
  for (const char c : pattern) {
    if (c == '*') return true;
    if (c == '%') {
      const size_t begin = at;
      while (at < key.size() && is_digit(key[at]))
        ++at;
      if (at == begin) return false;
    } else if (at >= key.size() || key[at++] != c) {
      return false;
    }
  }
  return at == key.size();
}

}  // namespace

bool is_machine_tag(std::string_view tag) {
  const size_t colon = tag.find(':');
  const size_t equals = tag.find('=');
  return colon != std::string_view::npos && equals != std::string_view::npos && colon > 0 && equals > colon + 1;
}

TagCleaner::TagCleaner() {
  add(embedded::kStopTags);
}

void TagCleaner::add(std::string_view list) {
  for (const std::string_view line : text_lines(list)) {
    const std::string key = squashed(line.substr(0, line.find('#')));
    if (key.empty()) continue;
    const bool is_pattern = key.find_first_of("%*") != std::string::npos;
    if (is_pattern && key.find_first_not_of('*') != std::string::npos)
      patterns_.push_back(key);
    else if (!is_pattern)
      words_.insert(key);
  }
}

void TagCleaner::exempt(std::span<const std::string> tags) {
  for (const std::string& tag : tags)
    exempt_.insert(squashed(tag));
}

bool TagCleaner::is_listed(const std::string& key) const {
  if (words_.contains(key)) return true;
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& p) { return matches(p, key); });
}

bool TagCleaner::drops(std::string_view tag) const {
  const std::string key = squashed(tag);
  if (exempt_.contains(key)) return false;
  return !has_letter(key) || is_machine_tag(tag) || is_listed(key);
}

}  // namespace lookalike

#include "core/search/photo_words.h"

#include <algorithm>
#include <string>

#include "core/base/text.h"

namespace lookalike {
namespace {

bool is_among(const std::vector<TagId>& list, TagId tag) {
  return std::find(list.begin(), list.end(), tag) != list.end();
}

}  // namespace

std::vector<TagId> tags_of(const Photo& photo, TagTable& table, const std::unordered_set<TagId>& excluded) {
  std::vector<TagId> tags;
  for (const std::string& text : photo.tags) {
    const auto tag = table.intern(text);
    if (tag && !excluded.contains(*tag) && !is_among(tags, *tag)) tags.push_back(*tag);
  }
  return tags;
}

std::vector<TagId> title_words_of(const Photo& photo, const std::vector<TagId>& tags, TagTable& table,
                                  const std::unordered_set<TagId>& excluded) {
  std::vector<TagId> words;
  for (const std::string& text : words_in(photo.title)) {
    const auto word = table.intern(text);
    if (word && !excluded.contains(*word) && !is_among(tags, *word) && !is_among(words, *word)) words.push_back(*word);
  }
  return words;
}

}  // namespace lookalike

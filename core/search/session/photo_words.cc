#include "core/search/session/photo_words.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

bool is_among(const std::vector<TagId>& list, TagId tag) {
  return std::find(list.begin(), list.end(), tag) != list.end();
}

// Nothing when it is not followed.
std::optional<TagId> followed(const std::string& text, TagTable& table, const WordFilter& filter) {
  if (filter.ignores && filter.ignores(text)) return std::nullopt;
  const auto tag = table.intern(text);
  return tag && !filter.excluded.contains(*tag) ? tag : std::nullopt;
}

}  // namespace

std::vector<TagId> tags_of(const Photo& photo, TagTable& table, const WordFilter& filter) {
  std::vector<TagId> tags;
  for (const std::string& text : photo.tags) {
    const auto tag = followed(text, table, filter);
    if (tag && !is_among(tags, *tag)) tags.push_back(*tag);
  }
  return tags;
}

std::vector<TagId> title_words_of(const Photo& photo, const std::vector<TagId>& tags, TagTable& table,
                                  const WordFilter& filter) {
  std::vector<TagId> words;
  for (const std::string& text : folded_words(photo.title)) {
    const auto word = followed(text, table, filter);
    if (word && !is_among(tags, *word) && !is_among(words, *word)) words.push_back(*word);
  }
  return words;
}

}  // namespace lookalike

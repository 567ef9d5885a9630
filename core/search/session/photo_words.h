// A photo's tags and the words of its title as the strategies see them: distinct, known to the table, none
// excluded or ignored.
// Threads: free functions; the engine's.
// Tested by tests/core/search/session/photo_words_test.cc
#pragma once

#include <functional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/photo.h"
#include "core/search/strategies/tag_table.h"

namespace lookalike {

// Which of them are followed.
struct WordFilter {
  std::unordered_set<TagId> excluded;
  std::function<bool(std::string_view)> ignores;  // by their text; empty: none
};

// In the photo's order.
std::vector<TagId> tags_of(const Photo& photo, TagTable& table, const WordFilter& filter);

// In the title's order, without those among `tags`.
std::vector<TagId> title_words_of(const Photo& photo, const std::vector<TagId>& tags, TagTable& table,
                                  const WordFilter& filter);

}  // namespace lookalike

// A photo's tags and the words of its title as the strategies see them: distinct, known to the table, none excluded.
// Threads: free functions; the engine's. Tested by tests/core/search/photo_words_test.cc
#pragma once

#include <unordered_set>
#include <vector>

#include "core/base/photo.h"
#include "core/search/tag_table.h"

namespace lookalike {

// In the photo's order.
std::vector<TagId> tags_of(const Photo& photo, TagTable& table, const std::unordered_set<TagId>& excluded);

// In the title's order, without those among `tags`.
std::vector<TagId> title_words_of(const Photo& photo, const std::vector<TagId>& tags, TagTable& table,
                                  const std::unordered_set<TagId>& excluded);

}  // namespace lookalike

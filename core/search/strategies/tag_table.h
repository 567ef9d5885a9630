// Every tag that a search has met, by number: two spellings that differ in case or spaces are one tag.
// Threads: one; the engine's.
// Tested by tests/core/search/strategies/tag_table_test.cc
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lookalike {

using TagId = uint32_t;

class TagTable {
 public:
  // The number of the tag, new or known; nothing when the text is empty once cleaned.
  std::optional<TagId> intern(std::string_view text);
  // As first seen, cleaned of control characters.
  const std::string& text(TagId tag) const { return texts_[tag]; }
  size_t size() const { return texts_.size(); }

 private:
  std::unordered_map<std::string, TagId> ids_;  // by tag_key
  std::deque<std::string> texts_;
};

}  // namespace lookalike

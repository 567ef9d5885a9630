#include "core/search/strategies/tag_table.h"

#include "core/base/text/text.h"

namespace lookalike {

std::optional<TagId> TagTable::intern(std::string_view text) {
  const std::string key = tag_key(text);
  if (key.empty()) return std::nullopt;
  const auto [entry, is_new] = ids_.emplace(key, static_cast<TagId>(texts_.size()));
  if (is_new) texts_.push_back(terminal_safe(text));
  return entry->second;
}

}  // namespace lookalike

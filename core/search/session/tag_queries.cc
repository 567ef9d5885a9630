#include "core/search/session/tag_queries.h"

#include <utility>

namespace lookalike {

std::optional<TagId> TagQueries::add_first_query(Words alternatives, TagTable& tags,
                                                 const std::unordered_set<TagId>& excluded) {
  while (!alternatives.empty()) {
    const auto tag = tags.intern(alternatives.front());
    alternatives.erase(alternatives.begin());
    if (!tag || excluded.contains(*tag) || asked_.contains(*tag)) continue;
    alternatives_[*tag] = std::move(alternatives);
    asked_[*tag];
    ++first_queries_;
    return tag;
  }
  return std::nullopt;
}

TagQueries::Next TagQueries::begin(TagId tag) {
  Asked& asked = asked_[tag];
  if (!asked.asked && dates_.span.count() > 0) {
    const auto span = std::chrono::duration_cast<std::chrono::seconds>(dates_.span).count();
    // Whole days, so that the same search asks the same all day long.
    asked.uploaded_before = std::chrono::floor<std::chrono::days>(
        dates_.now - std::chrono::seconds(random_.below(static_cast<uint64_t>(span))));
  }
  asked.asked = true;
  return {asked.pages + 1, asked.uploaded_before};
}

AskReason TagQueries::reason(TagId tag, bool seen_on_photos) const {
  if (alternatives_.contains(tag)) return AskReason::first_query;
  return general_words_.contains(tag) && !seen_on_photos ? AskReason::general_word : AskReason::tag;
}

void TagQueries::on_answer(TagId tag, size_t photos, size_t query) {
  Asked& asked = asked_[tag];
  ++asked.pages;
  asked.photos += photos;
  asked.last_answer = query;
}

TagQueries::Words TagQueries::alternatives_if_empty(TagId tag) {
  return asked_[tag].photos == 0 ? take_alternatives(tag) : Words{};
}

TagQueries::Words TagQueries::take_alternatives(TagId tag) {
  const auto words = alternatives_.find(tag);
  return words == alternatives_.end() ? Words{} : std::exchange(words->second, {});
}

bool TagQueries::was_asked(TagId tag) const {
  const auto asked = asked_.find(tag);
  return asked != asked_.end() && asked->second.asked;
}

}  // namespace lookalike

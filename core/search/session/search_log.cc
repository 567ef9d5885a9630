#include "core/search/session/search_log.h"

#include <algorithm>
#include <utility>

namespace lookalike {

const char* to_string(AskReason reason) {
  switch (reason) {
    case AskReason::first_query: return "first query";
    case AskReason::general_word: return "general word";
    case AskReason::tag: return "tag";
    case AskReason::listing: return "listing";
  }
  return "unknown";
}

size_t SearchLog::ask(AskedQuery query) {
  queries_.push_back(std::move(query));
  return queries_.size() - 1;
}

void SearchLog::answer(size_t place, int photos, int new_photos) {
  queries_[place].photos = photos;
  queries_[place].new_photos = new_photos;
}

void SearchLog::score(size_t place, double log_score, bool best) {
  AskedQuery& query = queries_[place];
  query.best_log_score = query.scores.count() == 0 ? log_score : std::max(query.best_log_score, log_score);
  query.scores.add(log_score);
  query.times_best += best ? 1 : 0;
}

}  // namespace lookalike

// What a search asked, in the order of asking, and what came of each query: the story of how it found what it found,
// and of how it left a start that led nowhere. It has no clock; who wants times notes them as the log grows.
// Cost: O(1) each.
// Threads: one; the engine's.
// Tested by tests/core/search/session/search_log_test.cc
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/search/strategies/log_mean.h"

namespace lookalike {

enum class AskReason {
  first_query,   // of the user's own, or of what the network saw in the image
  general_word,  // the strategy's own, where the rest led nowhere
  tag,           // of photos that were scored, or listed
  listing,       // no query: what a source on this disk lists (listed_looks.h)
};
const char* to_string(AskReason reason);  // "first query"

struct AskedQuery {
  std::string words;
  AskReason why = AskReason::tag;
  int page = 1;
  int scored_before = 0;  // photos, of any query, when it was asked
  LogMean expected = {};  // of the scores of photos with that tag by then
  // Of its answer.
  bool failed = false;
  int photos = 0;      // listed
  int new_photos = 0;  // by no query before
  // Of those photos that were looked at under it by the end.
  LogMean scores = {};
  double best_log_score = 0;  // meaningless when there are none
  int times_best = 0;         // so often one of them was better than all photos before
};

class SearchLog {
 public:
  // Its place in the log.
  size_t ask(AskedQuery query);
  void answer(size_t place, int photos, int new_photos);
  void fail(size_t place) { queries_[place].failed = true; }
  // `best`: it is better than all scored before it.
  void score(size_t place, double log_score, bool best);

  const std::vector<AskedQuery>& queries() const { return queries_; }

 private:
  std::vector<AskedQuery> queries_;
};

}  // namespace lookalike

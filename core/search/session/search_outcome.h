// What a search found, what it cost, what went wrong, and why it ended.
// Tested by tests/core/search/session/search_session_test.cc
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/feature_source.h"
#include "core/base/photo.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/search/scoring/scorer.h"
#include "core/search/session/search_log.h"

namespace lookalike {

struct FoundPhoto {
  Photo photo;
  Score score;
  std::string found_by;           // the tag or text of the draw; empty: it was listed (listed_looks.h)
  int number = 0;                 // it was scored as the first, the second, ...
  Embedding embedding;            // empty unless it is among the best SearchOptions::embeddings_kept
  std::vector<Photo> duplicates;  // folded into this one: see result_list.h
  size_t known_as = 0;            // it became known as the first (0), the second, ...; of equals that one is better
};

struct TagSummary {
  std::string tag;
  double log_mean = 0;  // of the scores; meaningless when images is 0
  int images = 0;       // scored photos that have the tag or were drawn from it
  bool asked = false;
};

struct ErrorSummary {
  ErrorCode code;
  std::string message;  // the first of its kind
  int count = 0;
};

// What one of several sources did.
struct SourceSummary {
  std::string source;
  int api_calls = 0;
  int photos = 0;  // listed
  int failures = 0;
};

// One more of its kind.
void count_error(std::vector<ErrorSummary>& errors, const Error& error);
// What each source has done for an answer. A source that failed where others answered counts among the errors.
void count_shares(std::vector<SourceSummary>& sources, std::vector<ErrorSummary>& errors, const PhotoAnswer& answer);

enum class StopReason {
  max_images,
  max_calls,
  rounds,
  exhausted,
  time_limit,
  interrupted,
  source_failed,
  rate,  // it would have had to wait for a service's rate, an hourly budget or a host that rests
};
const char* to_string(StopReason reason);

struct SearchCounts {
  int api_calls = 0;          // requests sent, retries included
  int images_downloaded = 0;  // image requests sent, likewise
  int images_scored = 0;
  int images_failed = 0;
  int64_t bytes = 0;
  int cache_hits = 0;
  int calls_saved = 0;     // of those, calls
  int calls_answered = 0;  // calls that brought an answer, be it empty
};

struct SearchOutcome {
  std::vector<FoundPhoto> photos;  // best first
  std::vector<TagSummary> tags;    // best mean first, then those never scored
  std::vector<ErrorSummary> errors;
  SearchCounts counts;
  std::vector<SourceSummary> sources;  // empty: there is one
  std::vector<AskedQuery> asked;       // in the order of asking
  StopReason stopped_by = StopReason::exhausted;
  // The same options, seed and answers would give the same again: the search ended by its counts, and no report took
  // effect out of turn.
  bool repeatable = false;
  std::optional<Error> fatal;  // what ended the search early, when something did
};

}  // namespace lookalike

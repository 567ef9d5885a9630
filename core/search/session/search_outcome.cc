#include "core/search/session/search_outcome.h"

#include <algorithm>

namespace lookalike {

const char* to_string(StopReason reason) {
  switch (reason) {
    case StopReason::max_images: return "max_images";
    case StopReason::max_calls: return "max_calls";
    case StopReason::rounds: return "rounds";
    case StopReason::exhausted: return "exhausted";
    case StopReason::time_limit: return "time_limit";
    case StopReason::interrupted: return "interrupted";
    case StopReason::source_failed: return "source_failed";
    case StopReason::rate: return "rate";
  }
  return "unknown";
}

void count_error(std::vector<ErrorSummary>& errors, const Error& error) {
  const auto same = std::find_if(errors.begin(), errors.end(),
                                 [&error](const ErrorSummary& known) { return known.code == error.code; });
  if (same == errors.end())
    errors.push_back({error.code, error.message, 1});
  else
    ++same->count;
}

void count_shares(std::vector<SourceSummary>& sources, std::vector<ErrorSummary>& errors, const PhotoAnswer& answer) {
  for (const SourceShare& share : answer.shares) {
    auto known = std::find_if(sources.begin(), sources.end(),
                              [&](const SourceSummary& source) { return source.source == share.source; });
    if (known == sources.end()) known = sources.insert(sources.end(), {.source = share.source});
    known->api_calls += share.requests;
    known->photos += share.photos;
    known->failures += share.error ? 1 : 0;
    if (share.error && answer.page.ok()) count_error(errors, *share.error);
  }
}

}  // namespace lookalike

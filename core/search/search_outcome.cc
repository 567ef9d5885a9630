#include "core/search/search_outcome.h"

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

}  // namespace lookalike

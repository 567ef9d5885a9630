// What one search is for: how photos are scored, what is asked for first, and what the report says of it.
// Threads: one at a time, which need not be the engine's.
// Tested by tests/command/command_search_test.cc, command_feedback_test.cc, command_score_test.cc and
// command_mix_test.cc
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/options/options.h"
#include "cli/output/report.h"
#include "cli/query/query_features.h"
#include "cli/wiring/search_setup.h"
#include "core/base/result.h"
#include "core/search/session/search_session.h"

namespace lookalike {

struct SearchTarget {
  QueryReport report;
  SearchQuery query;    // without the user's own words, which are known before the target is
  size_t features = 0;  // so many values at the beginning of a photo's embedding are features; 0: none
};

// Photos like the image; with --score, photos of that score, be likeness a part of it or not, beginning with what the
// network sees in the image.
// Errors: as query_features(); model, when the network sees nothing in the image.
Result<SearchTarget> image_target(QueryImage image, const FeedbackImages& feedback, SearchSetup& setup);

// Photos of a good score, without any image. Errors: usage (no such output), model.
// REQUIRES: options.scores, without likeness
Result<SearchTarget> score_target(SearchSetup& setup);

}  // namespace lookalike

// The images of the command line as the network sees them: the query, and what --like and --unlike name beside it.
// Threads: one.
// Tested by tests/cli/query/query_features_test.cc and command_feedback_test.cc
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/console/exit_code.h"
#include "cli/options/options.h"
#include "cli/query/query_image.h"
#include "cli/wiring/search_setup.h"
#include "core/base/result.h"
#include "core/search/scoring/relevance_feedback.h"
#include "core/vision/inference/embedder.h"

namespace lookalike {

struct QueryFeatures {
  QueryImage image;  // without its pixels, which nobody needs any more
  Description description;
};

// Reads and decodes; needs no loaded network. Errors: those of load_query_bytes() and decode_query().
Result<QueryImage> read_query(const std::string& source, const std::vector<int>& crop, SearchSetup& setup,
                              const InputPatience& patience);

// Waits for the network, then describes. REQUIRES: the setup has a network that describes images. Errors: model.
Result<QueryFeatures> query_features(QueryImage image, SearchSetup& setup);

// Whatever is wrong with the file or its address makes the query unreadable.
ExitCode exit_code_for_query(ErrorCode code);

struct FeedbackImages {
  Feedback feedback;
  std::vector<std::vector<ClassProbability>> liked_classes;  // of each liked image, most probable first
};

// Errors: as read_query() and query_features(), of the first image that fails.
Result<FeedbackImages> feedback_images(SearchSetup& setup, const InputPatience& patience);

// What the first queries are made of: the query's classes and those of the liked images, weighted as their embeddings
// are (relevance_feedback.h). Most probable first; the probabilities still add up to one at most.
std::vector<ClassProbability> classes_with_liked(const std::vector<ClassProbability>& query,
                                                 std::span<const std::vector<ClassProbability>> liked);

}  // namespace lookalike

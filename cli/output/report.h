// Everything that one search has to tell, ready for any of the output formats, and how scores are written for people.
// Tested by tests/cli/output/report_test.cc
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/score_spec.h"
#include "core/base/result.h"
#include "core/search/scoring/likeness.h"
#include "core/search/session/search_session.h"
#include "core/vision/inference/embedder.h"

namespace lookalike {

struct QueryReport {
  std::string source;  // as the user named it: a path, '-', a URL
  std::string sha256;  // of the file's bytes; empty when there is no query image
  int width = 0;
  int height = 0;
  std::vector<ClassProbability> classes;
  std::vector<std::string> liked;  // as the user named them
  std::vector<std::string> unliked;
  std::optional<Likeness> likeness = {};  // what logarithms of scores are shown by; nothing for the user's own score
};

struct RunReport {
  std::string provider;
  std::string strategy;
  std::string model;       // empty: none was needed
  std::string layer;       // empty: photos were not embedded by the model
  std::string similarity;  // empty: photos were compared with nothing
  std::string score;       // as --score has it; empty: the similarity
  uint64_t seed = 0;
  int64_t elapsed_ms = 0;
  size_t local_photos = 0;            // of the sources on this disk
  std::vector<ScoreSpec> mixed = {};  // what `score` is the sum of; empty: it is one score as it is
};

// A photo that was scored, and when.
struct TraceStep {
  int64_t elapsed_ms = 0;
  std::string id;
  double log_score = 0;
};

struct SearchReport {
  QueryReport query;
  RunReport run;
  SearchOutcome outcome;  // photos already cut to --top and --min-score
  // With --explain:
  std::vector<TraceStep> trace;        // every photo scored, in that order
  std::vector<int64_t> asked_ms = {};  // when each of outcome.asked was asked
};

// A query that failed before or without a search has an error instead.
struct FailedQuery {
  std::string source;
  Error error;
  std::string sha256 = {};  // empty: the file could not be read
};

// A photo's score as people see it everywhere: in the progress line, the table, the page and --explain. "73.2", a
// likeness from 0 to 100; "5.977" for a score of the user's own.
std::string score_digits(const Score& score);

// A logarithm of scores, or of a mean of them, as that number: of what has no likeness it is the logarithm itself.
std::string score_digits(double log_score, const std::optional<Likeness>& likeness);

// What the number is: "likeness", or the user's own name for it, as --score has it.
std::string_view score_name(std::string_view own);

}  // namespace lookalike

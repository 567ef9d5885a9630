// The results of `lookalike eval` as a table, as JSON and as a figure.
// Threads: free functions without state.
// Tested by tests/cli/commands/eval_output_test.cc
#pragma once

#include <string>
#include <vector>

#include "core/eval/experiment.h"

namespace lookalike {

struct EvalResult {
  std::string strategy;
  std::vector<SearchMeasure> searches;  // in the same order of queries and seeds for all strategies
};

struct EvalReport {
  size_t queries = 0;
  int seeds = 0;
  int max_calls = 0;
  int max_images = 0;
  bool trapped = false;             // the first queries were another photo's
  std::vector<EvalResult> results;  // the first is what the others are compared with
};

std::string eval_table(const EvalReport& report);
std::string eval_json(const EvalReport& report);
// Recall and log score by API calls and by images.
std::string eval_figure(const EvalReport& report);

}  // namespace lookalike

// What a run would be, for --dry-run: how many images, how many calls at most, how long under the hourly budget.
// Threads: free functions without state.
// Tested by tests/cli/batch/batch_plan_test.cc
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/batch/batch_input.h"
#include "core/quota/call_ledger.h"

namespace lookalike {

struct BatchPlan {
  int64_t images = 0;       // of this run and shard
  int64_t done_before = 0;  // of those, what --resume would skip by name
  std::string skipped;      // BatchInput::skipped()
  int64_t elsewhere = 0;    // in other shards
  int max_calls = 0;        // for an image
  std::optional<int64_t> total_calls;
  int calls_per_hour = 0;  // 0: no limit
  int calls_used = 0;      // of the current hour
};

// Some lines, each with its newline.
std::string plan_text(const BatchPlan& plan);

// How long the calls take when the budget's hour is the only limit; the first hour has only what is left of it.
std::chrono::milliseconds shortest_time(const BatchPlan& plan);

}  // namespace lookalike

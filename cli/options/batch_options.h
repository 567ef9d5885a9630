// The options of a run over many images, and which of them go together.
// Contract: docs/batch.md
// Tested by tests/cli/options/options_test.cc
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/batch/shard.h"
#include "core/base/result.h"

namespace CLI {
class App;
}

namespace lookalike {

enum class OnQuota { wait, stop };

struct BatchOptions {
  std::vector<std::string> inputs;  // files with names of images, "-": standard input
  bool nul_separated = false;       // in those; else a line each
  bool resume = false;
  bool retry_failed = false;
  bool ordered = false;
  bool fail_fast = false;
  bool dry_run = false;
  int jobs = 1;
  Shard shard;
  std::optional<int64_t> total_calls;
  std::optional<OnQuota> on_quota;  // nothing: one image waits briefly, several wait
};

void add_batch_options(CLI::App& app, BatchOptions& batch);

// Errors: usage.
Status check_batch_options(const BatchOptions& batch, bool is_jsonl, bool has_output);

}  // namespace lookalike

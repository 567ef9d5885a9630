// The options of a run over many images, and which of them go together.
// Contract: docs/batch.md
// Tested by tests/cli/options/batch_options_test.cc
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

// One share of a run over many images: --shard I/N. Which images are in it depends on their names alone, so that
// machines that share nothing split the same list without talking to each other.
// Rule: SHA-256 of the image's path relative to the argument that it was found by; the first eight bytes, most
// significant first, modulo N; that is I - 1.
struct Shard {
  uint64_t number = 1;  // from 1 to `of`
  uint64_t of = 1;

  bool holds(std::string_view path) const;
};

// "2/4". Errors: usage.
Result<Shard> parse_shard(std::string_view text);

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

// Errors: usage.
Status check_batch_options(const BatchOptions& batch, bool is_jsonl, bool has_output);

}  // namespace lookalike

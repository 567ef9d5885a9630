// The exit statuses of docs/command.md and what leads to them.
#pragma once

#include "core/base/result.h"

namespace lookalike {

enum class ExitCode : int {
  found = 0,
  nothing_found = 1,
  wrong_use = 2,  // also output that cannot be written
  key_refused = 3,
  quota_used_up = 4,
  source_failed = 5,
  query_unreadable = 6,
  model_broken = 7,
  some_failed = 8,
  out_of_resources = 9,  // memory, threads, descriptors
  interrupted = 130,
};

// For an error that kept a search from finding anything.
ExitCode exit_code_for(ErrorCode code);

}  // namespace lookalike

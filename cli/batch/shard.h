// One part of a run over many images: --shard I/N. Which images are in it depends on their names alone, so that
// machines that share nothing split the same list without talking to each other. Rule: SHA-256 of the image's path
// relative to the argument that it was found by; the first eight bytes, most significant first, modulo N; that is I
// - 1. Threads: values and free functions without state. Tested by tests/cli/batch/shard_test.cc
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

struct Shard {
  uint64_t part = 1;  // from 1 to parts
  uint64_t parts = 1;

  bool holds(std::string_view path) const;
};

// "2/4". Errors: usage.
Result<Shard> parse_shard(std::string_view text);

}  // namespace lookalike

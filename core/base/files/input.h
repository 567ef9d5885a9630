// What a person names as input: a file, a named pipe, a device, or standard input, each read from where it stands.
// '-', /dev/stdin, /dev/fd/N and links to them are the open descriptor itself, never opened anew: a socket cannot be, a
// file of another user may not be, and a file that was read in part would begin again. Each wait can be ended.
// Threads: free functions without state.
// Tested by tests/core/base/files/input_test.cc
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "core/base/result.h"

namespace lookalike {

// How long is waited for an input. Without a time, for ever.
struct InputPatience {
  using TimePoint = std::chrono::steady_clock::time_point;

  std::stop_token stop = {};
  std::optional<TimePoint> deadline = {};  // for one who writes into a named pipe; for a download, all of it
  std::optional<TimePoint> read_by = {};   // for the end of what a pipe, a socket or a terminal brings
};

// The descriptor that a name stands for; nothing when it is a file's.
std::optional<int> descriptor_named(const std::string& name);

// "standard input", or the name as it is: for messages.
std::string input_name(const std::string& name);

// All of it, to its end. Errors: not_found (no such file, no permission, a directory, nothing came in time), bad_data
// (larger than max_bytes), interrupted. Every message names the input.
Result<std::string> read_input(const std::string& name, int64_t max_bytes, const InputPatience& patience = {});

// The plain text of what a person names. Errors: those of read_input(), and of named_text() (file.h) with the input's
// name.
Result<std::string> read_text(const std::string& name, int64_t max_bytes, const InputPatience& patience = {});

}  // namespace lookalike

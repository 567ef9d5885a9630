// Runs another program without a shell: npm, tar, python3.
// Threads: free functions without state; any number at once.
// Tested by tests/core/process/run_program_test.cc
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

// "NAME=value" each, as execve takes it.
using ProgramEnvironment = std::vector<std::string>;

// This process's environment as it is now.
ProgramEnvironment process_environment();

// The first executable of that name in the environment's PATH.
std::optional<std::filesystem::path> find_program(const std::string& name, const ProgramEnvironment& environment);

struct ProgramRun {
  std::filesystem::path program;
  std::vector<std::string> arguments;  // without the program's own name
  std::filesystem::path folder;        // where it runs
  ProgramEnvironment environment;
  std::chrono::milliseconds time_limit{60'000};
  // Standard output, in pieces; false ends the program. When empty, output is dropped.
  std::function<bool(std::string_view)> on_output;
};

struct ProgramExit {
  int status = 0;           // its exit status; 128 + N when signal N ended it, as shells say it
  std::string error_lines;  // the end of what it wrote to standard error, fit for a terminal
};

// Waits for the program's end. It and its children are killed when time is up or stop is requested.
// Errors: usage (cannot be started), network (time is up: what is run here downloads), interrupted, bad_data (on_output
// ended it). An exit status other than 0 is no error here.
Result<ProgramExit> run_program(const ProgramRun& run, std::stop_token stop = {});

}  // namespace lookalike

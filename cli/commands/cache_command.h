// `lookalike cache info|clear`: what --cache has kept on this machine.
// Tested by tests/command/command_cache_test.cc
#pragma once

#include <string>
#include <vector>

#include "cli/output/exit_code.h"

namespace lookalike {

// `arguments` without the word "cache".
ExitCode run_cache_command(std::vector<std::string> arguments);

}  // namespace lookalike

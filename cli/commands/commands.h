// Which command is meant by the first argument, and its run.
// Threads: one.
// Tested by tests/cli/commands/commands_test.cc and command_help_test.cc
#pragma once

#include <string>
#include <vector>

#include "cli/output/exit_code.h"

namespace lookalike {

// `arguments` without the program's name. A word that names no command is an image; one that names no file either, and
// is near to a command's name, is taken for a slip.
ExitCode run_command(std::vector<std::string> arguments);

// What was probably meant by a first argument that is neither a command nor a file: "search" for "serach"; else empty.
std::string mistyped_command(const std::string& word);

}  // namespace lookalike

// What all commands do with CLI11: help to standard output, errors as one line with the right exit status.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"

namespace CLI {
class App;
}

namespace lookalike {

// Nothing when the command may go on; else the status to end with, everything said.
std::optional<ExitCode> parse_command_line(CLI::App& app, std::vector<std::string> arguments);

// "lookalike: error: ..." on standard error.
void print_error(const std::string& message);

}  // namespace lookalike

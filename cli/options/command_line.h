// What all commands do with CLI11: arguments as they were typed, settings from a file, help to standard output, errors
// as one line with the right exit status.
// CLI11 by itself takes "[a,b]" for a list of two, an empty value for none, and the next argument for a second value;
// it names unknown options without a word of what was meant. So the arguments are read here first, and what CLI11 gets
// is each option with its one value in one piece, marked so that it is no list, and then only converted and checked.
// Threads: free functions without state.
// Tested by tests/cli/options/command_line_test.cc
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/console/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace lookalike {

// Nothing when the command may go on; else the status to end with, everything said. `--config FILE` is read when the
// app has that option; what stands there counts where the command line says nothing. `also_known`: names of other
// commands' options, which may stand in the same file and mean nothing here.
std::optional<ExitCode> parse_command_line(CLI::App& app, const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& also_known = {});

// The long names of an app's options, without dashes.
std::vector<std::string> option_names(const CLI::App& app);

}  // namespace lookalike

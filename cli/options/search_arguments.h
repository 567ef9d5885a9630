// The command line of `lookalike [search] IMAGE...`, with its help.
// Contract: docs/command.md
// Tested by tests/cli/options/search_arguments_test.cc
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/console/exit_code.h"
#include "cli/options/options.h"

namespace lookalike {

// `arguments` without the program's name and without the word "search". Nothing when there is nothing to do any more:
// help was printed, or what is wrong; `exit` then holds the status.
std::optional<SearchCommandOptions> parse_search(std::vector<std::string> arguments, ExitCode& exit);

// The long names of all its options, for settings files that several commands share.
std::vector<std::string> search_option_names();

}  // namespace lookalike

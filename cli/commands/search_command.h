// `lookalike [search] IMAGE...`: builds the parts, searches for each image in turn, and prints what was found.
#pragma once

#include "cli/options/options.h"
#include "cli/output/exit_code.h"

namespace lookalike {

ExitCode run_search_command(const SearchCommandOptions& options);

}  // namespace lookalike

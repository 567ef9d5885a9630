// `lookalike models list | pull [NAME] | info NAME | path [NAME]`: the networks that there are and those on this
// machine.
#pragma once

#include <string>
#include <vector>

#include "cli/output/exit_code.h"

namespace lookalike {

ExitCode run_models_command(std::vector<std::string> arguments);

}  // namespace lookalike

// `lookalike providers`: what each source offers, needs and allows, from the registry.
#pragma once

#include <string>
#include <vector>

#include "cli/output/exit_code.h"

namespace lookalike {

ExitCode run_providers_command(std::vector<std::string> arguments);

}  // namespace lookalike

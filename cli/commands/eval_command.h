// `lookalike eval MANIFEST`: replays the strategies on a tagged collection and says how much of the best each finds.
#pragma once

#include <string>
#include <vector>

#include "cli/output/exit_code.h"

namespace lookalike {

ExitCode run_eval_command(std::vector<std::string> arguments);

}  // namespace lookalike

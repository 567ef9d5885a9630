// `lookalike doctor`: tries the network, the key, the source and the terminal, and says what to do next.
#pragma once

#include <string>
#include <vector>

#include "cli/output/exit_code.h"

namespace lookalike {

ExitCode run_doctor_command(std::vector<std::string> arguments);

}  // namespace lookalike

// The entry: which command, with which arguments.
#include <malloc.h>

#include <exception>
#include <string>
#include <vector>

#include "cli/cache_command.h"
#include "cli/command_line.h"
#include "cli/doctor_command.h"
#include "cli/eval_command.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/last_resort.h"
#include "cli/models_command.h"
#include "cli/options.h"
#include "cli/providers_command.h"
#include "cli/search_command.h"

namespace {

using namespace lookalike;

ExitCode search(std::vector<std::string> arguments) {
  ExitCode exit = ExitCode::found;
  const auto options = parse_search(std::move(arguments), exit);
  return options ? run_search_command(*options) : exit;
}

// Buffers of network files and large pictures go back to the system at once. glibc by itself raises the size from which
// it does that to the largest one freed so far.
void return_large_buffers() {
#ifdef M_MMAP_THRESHOLD
  constexpr int kLargeBytes = 4 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargeBytes);
#endif
}

ExitCode run(std::vector<std::string> arguments) {
  const std::string command = arguments.empty() ? "" : arguments.front();
  ExitCode exit = ExitCode::found;
  const auto rest = [&arguments] { return std::vector<std::string>(arguments.begin() + 1, arguments.end()); };
  // A file of one of these names is searched for as ./models.
  if (command == "models")
    exit = run_models_command(rest());
  else if (command == "providers")
    exit = run_providers_command(rest());
  else if (command == "doctor")
    exit = run_doctor_command(rest());
  else if (command == "cache")
    exit = run_cache_command(rest());
  else if (command == "eval")
    exit = run_eval_command(rest());
  else if (command == "search")
    exit = search(rest());
  else
    exit = search(std::move(arguments));
  return exit;
}

}  // namespace

// Expected failures are values; what is thrown up to here is want of memory or threads, for which there is no remedy.
int main(int argc, char** argv) {
  install_last_resort();
  end_on_interrupt();
  return_large_buffers();
  try {
    return static_cast<int>(run({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    print_error(last_resort_message(error));
    return static_cast<int>(ExitCode::out_of_resources);
  }
}

// The entry: the streams it was given, its memory, then the command.
#include <malloc.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/commands/process_end.h"
#include "cli/console/exit_code.h"
#include "cli/console/output_file.h"

namespace {

using namespace lookalike;

// Buffers of network files and large pictures go back to the system at once. glibc by itself raises the size from which
// it does that to the largest one freed so far.
void return_large_buffers() {
#ifdef M_MMAP_THRESHOLD
  constexpr int kLargeBytes = 4 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargeBytes);
#endif
}

}  // namespace

// Expected failures are values; what is thrown up to here is want of memory or threads, for which there is no remedy.
int main(int argc, char** argv) {
  // Without them the results could end up in any file that is opened later.
  if (!guard_standard_streams()) return static_cast<int>(ExitCode::wrong_use);
  install_last_resort();
  end_on_interrupt();
  return_large_buffers();
  try {
    return static_cast<int>(run_command(std::vector<std::string>(argv + std::min(argc, 1), argv + argc)));
  } catch (const std::exception& error) {
    print_error(last_resort_message(error));
    return static_cast<int>(ExitCode::out_of_resources);
  }
}

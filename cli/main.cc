// The entry: the streams it was given, its memory, then the command.
#include <malloc.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/output_file.h"

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

int main(int argc, char** argv) {
  // Without them the results could end up in any file that is opened later.
  if (!guard_standard_streams()) return static_cast<int>(ExitCode::wrong_use);
  return_large_buffers();
  return static_cast<int>(run_command(std::vector<std::string>(argv + std::min(argc, 1), argv + argc)));
}

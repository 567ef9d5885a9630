#include "core/process/spawn_plan.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace lookalike {

Pipe::Pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  reader = UniqueFd(ends[0]);
  writer = UniqueFd(ends[1]);
}

SpawnPlan::SpawnPlan() {
  ::posix_spawn_file_actions_init(&actions_);
  ::posix_spawnattr_init(&attributes_);
}

SpawnPlan::~SpawnPlan() {
  ::posix_spawn_file_actions_destroy(&actions_);
  ::posix_spawnattr_destroy(&attributes_);
}

bool SpawnPlan::set_group_and_signals() {
  sigset_t none;
  sigset_t defaults;
  ::sigemptyset(&none);
  ::sigemptyset(&defaults);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGQUIT})
    ::sigaddset(&defaults, signal);
  return ::posix_spawnattr_setpgroup(&attributes_, 0) == 0 && ::posix_spawnattr_setsigmask(&attributes_, &none) == 0 &&
         ::posix_spawnattr_setsigdefault(&attributes_, &defaults) == 0 &&
         ::posix_spawnattr_setflags(&attributes_,
                                    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0;
}

}  // namespace lookalike

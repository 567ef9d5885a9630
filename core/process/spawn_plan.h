// What starting another program takes on POSIX: pipes to it, and posix_spawn's two descriptions of it.
// Threads: each value belongs to one thread.
// Tested by tests/core/process/spawn_plan_test.cc
#pragma once

#include <spawn.h>

#include "core/base/files/unique_fd.h"

namespace lookalike {

// Closed on exec; its ends are closed when there are none.
struct Pipe {
  Pipe();
  bool ok() const { return reader.is_open(); }

  UniqueFd reader;
  UniqueFd writer;
};

class SpawnPlan {
 public:
  SpawnPlan();
  ~SpawnPlan();
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // A process group of its own, so that its children can be killed with it, and no signal blocked or ignored.
  // False when memory is short.
  bool set_group_and_signals();

  posix_spawn_file_actions_t* actions() { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace lookalike

// What starting another program takes on POSIX: pipes to it, and posix_spawn's two descriptions of it.
// Threads: each value belongs to one thread.
// Tested by tests/core/process/run_program_test.cc and tests/core/process/line_program_test.cc
#pragma once

#include <spawn.h>

namespace lookalike {

// Closed on exec; its ends are -1 when there are none.
struct Pipe {
  int reader = -1;
  int writer = -1;

  Pipe();
  ~Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  bool ok() const { return reader >= 0; }
};

// Closes it, if it is open, and makes it -1.
void close_descriptor(int& descriptor);

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

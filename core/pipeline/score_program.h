// The user's scoring program: started once through /bin/sh -c, asked a line, answering a line (score_protocol.h).
// It runs in a process group of its own, with a pipe at either end and this process's standard error. Nothing that came
// from outside reaches the shell: photos are only spoken of in the lines.
// A program that ends, stays silent for too long or writes a line without end is killed with its group and started
// again at the next photo. One that fails kFailuresInARow times in a row is given up.
// Threads: one at a time. Blocks while the program thinks.
// Tested by tests/core/pipeline/score_program_test.cc
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "core/base/photo.h"
#include "core/base/result.h"

namespace lookalike {

class ScoreProgram {
 public:
  static constexpr int kFailuresInARow = 5;

  struct Options {
    std::string command;                           // of the user; the shell reads it
    std::chrono::milliseconds time_limit{30'000};  // for each photo; for the first one this includes the start
    std::function<bool()> stop;                    // asked every few milliseconds; true ends the conversation
  };

  explicit ScoreProgram(Options options) : options_(std::move(options)) {}
  // Closes the program's input, lets it end by itself for a moment, then kills what is left of its group.
  ~ScoreProgram();
  ScoreProgram(const ScoreProgram&) = delete;
  ScoreProgram& operator=(const ScoreProgram&) = delete;

  // `file`: the photo's bytes, valid UTF-8. Errors: bad_data (it answered wrongly, ended, or has no score for the
  // photo), network (too slow), model (it cannot be started or was given up: no photo will ever be scored),
  // interrupted.
  Result<double> score(const Photo& photo, const std::string& file);

  bool running() const { return pid_ > 0; }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  Result<double> ask(const Photo& photo, const std::string& file);
  Status start();
  bool drop_stale_output();
  Result<std::string> exchange(std::string_view request, TimePoint deadline);
  bool write_some(std::string_view& pending);
  bool read_some();
  std::optional<std::string> take_line();
  std::string ended_how();
  void kill_group();
  void close_pipes();
  Error failure(ErrorCode code, const std::string& what);

  Options options_;
  pid_t pid_ = -1;
  int input_ = -1;   // the program's standard input; does not block
  int output_ = -1;  // its standard output; does not block
  std::string unread_;
  int failures_ = 0;  // in a row
  std::optional<Error> given_up_;
};

}  // namespace lookalike

// The user's scoring program: a line of JSON for each photo, answered by a line (score_protocol.h).
// How it is started, timed and killed: core/process/line_program.h. One that fails ConsecutiveFailures::kMost times in
// a row is given up. Threads: one at a time. Blocks while the program thinks. Tested by
// tests/core/pipeline/score_program_test.cc
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "core/base/consecutive_failures.h"
#include "core/base/photo.h"
#include "core/base/result.h"
#include "core/process/line_program.h"

namespace lookalike {

class ScoreProgram {
 public:
  struct Options {
    std::string command;                           // of the user; the shell reads it
    std::chrono::milliseconds time_limit{30'000};  // for each photo; for the first one this includes the start
    std::function<bool()> stop;                    // asked every few milliseconds; true ends the conversation
  };

  explicit ScoreProgram(const Options& options);

  // `file`: the photo's bytes, valid UTF-8. Errors: bad_data (it answered wrongly, ended, or has no score for the
  // photo), network (too slow), model (it cannot be started or was given up: no photo will ever be scored),
  // interrupted.
  Result<double> score(const Photo& photo, const std::string& file);

  bool running() const { return program_.running(); }

 private:
  Error no_answer(const Error& error, const Photo& photo);
  Error failure(ErrorCode code, const std::string& what);

  ConsecutiveFailures failures_;
  LineProgram program_;
};

}  // namespace lookalike

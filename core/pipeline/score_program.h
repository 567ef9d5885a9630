// The user's scoring program: it is told of a photo and answers, a JSON object a line each way, schema
// "lookalike-score/1".
//   in   {"schema": "lookalike-score/1", "id": "2718", "file": "/tmp/…/1.jpg", "title": "…", "tags": ["…"],
//         "page_url": "…", "image_url": "…", "provider": "flickr", "owner": "…", "license": "CC BY 2.0"}
//   out  {"id": "2718", "score": 0.7}   or   {"id": "2718", "error": "why there is none"}
// Every text came from outside: it is JSON, so no line break and no quote in it can end the line or the text.
// How it is started, timed and killed: core/process/line_program.h. One that fails ConsecutiveFailures::kMost times in
// a row is given up.
// Threads: free functions without state; a ScoreProgram belongs to one thread at a time, and blocks while it thinks.
// Tested by tests/core/pipeline/score_program_test.cc
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/photo.h"
#include "core/base/result.h"
#include "core/process/line_program.h"

namespace lookalike {

inline constexpr size_t kMaxAnswerBytes = 64 << 10;

// One line with its end. `file`: valid UTF-8.
std::string score_request(const Photo& photo, std::string_view file);

// A program may honestly have no score for a photo.
struct ScoreRefusal {
  std::string why;
};
using ScoreAnswer = std::variant<double, ScoreRefusal>;

// `line` without its end. The score is finite and at most 1e30 either way. Errors: bad_data (not JSON, no object,
// another photo's id, no number), saying which.
Result<ScoreAnswer> parse_score_answer(std::string_view line, const Photo& photo);

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

// A program of the user's that is asked a line and answers a line, over and over.
// It is started through /bin/sh -c at the first question, in a process group of its own, with a pipe at either end and
// this process's standard error. Nothing that came from outside reaches the shell: it stands in the lines alone.
// A program that ends, stays silent for too long or writes a line without end is killed with its group and started
// again at the next question.
// Threads: one at a time. Blocks while the program thinks.
// Tested by tests/core/process/line_program_test.cc
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.h"

namespace lookalike {

class LineProgram {
 public:
  struct Options {
    std::string command;                           // of the user; the shell reads it
    std::chrono::milliseconds time_limit{30'000};  // for each answer; for the first one this includes the start
    size_t max_line_bytes = 64 << 10;              // of an answer
    std::function<bool()> stop;                    // asked every few milliseconds; true ends the conversation
  };

  explicit LineProgram(Options options) : options_(std::move(options)) {}
  // Closes the program's input, lets it end by itself for a moment, then kills what is left of its group.
  ~LineProgram();
  LineProgram(const LineProgram&) = delete;
  LineProgram& operator=(const LineProgram&) = delete;

  // `question`: one line with its end. The answer comes without. After any error the program no longer runs.
  // Errors, in words that go on after "the program ": not_found (cannot be started), network (too slow), bad_data (it
  // ended, or its line is too long), interrupted.
  Result<std::string> ask(std::string_view question);

  // Kills the program with its group, if it runs.
  void end();

  bool running() const { return pid_ > 0; }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  Status start();
  bool drop_stale_output();
  Result<std::string> exchange(std::string_view question, TimePoint deadline);
  bool write_some(std::string_view& pending);
  bool read_some();
  std::optional<std::string> take_line();
  std::string ended_how();
  void forget_output();
  void close_pipes();

  Options options_;
  pid_t pid_ = -1;
  int input_ = -1;   // the program's standard input; does not block
  int output_ = -1;  // its standard output; does not block
  std::string unread_;
  size_t searched_ = 0;  // how much of it is known to hold no end of a line
};

}  // namespace lookalike

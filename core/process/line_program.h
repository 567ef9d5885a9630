// A program of the user's that is asked a line and answers a line, over and over.
// It is started through /bin/sh -c at the first question, in a process group of its own, with a pipe at either end and
// this process's standard error. Nothing that came from outside reaches the shell: it stands in the lines alone.
// A program that ends, stays silent for too long or writes a line without end is killed with its group and started
// again at the next question.
// Threads: one at a time. Blocks while the program thinks.
// Tested by tests/core/process/line_program_test.cc
#pragma once

#include <fmt/format.h>
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/files/unique_fd.h"
#include "core/base/result.h"
#include "core/base/text/text.h"

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
  UniqueFd input_;   // the program's standard input; does not block
  UniqueFd output_;  // its standard output; does not block
  std::string unread_;
  size_t searched_ = 0;  // how much of it is known to hold no end of a line
};

// Gives a program up when it fails several times in a row: it would fail at every photo.
// Threads: one at a time.
class ConsecutiveFailures {
 public:
  static constexpr int kMost = 5;

  // `command`: what the user may try by hand. `final_code`: of the error that ends it all.
  ConsecutiveFailures(std::string command, ErrorCode final_code)
      : command_(std::move(command)), final_code_(final_code) {}

  void succeeded() { failures_ = 0; }

  // The same error; at the last of the row, the one that every further question gets.
  Error failed(Error error) {
    if (++failures_ < kMost) return error;
    return give_up(fmt::format("{}; after {} failures in a row it is given up. Try it by hand: {}", error.message,
                               kMost, terminal_safe(command_)));
  }

  Error give_up(std::string message) { return given_up_.emplace(Error{final_code_, std::move(message)}); }

  const std::optional<Error>& given_up() const { return given_up_; }

 private:
  std::string command_;
  ErrorCode final_code_;
  int failures_ = 0;
  std::optional<Error> given_up_;
};

}  // namespace lookalike

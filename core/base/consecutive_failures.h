// Gives a program up when it fails several times in a row: it would fail at every photo.
// Threads: one at a time.
// Tested by tests/core/base/consecutive_failures_test.cc
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/base/text/text.h"

namespace lookalike {

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
    return give_up(error.message + "; after " + std::to_string(kMost) +
                   " failures in a row it is given up. Try it by hand: " + terminal_safe(command_));
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

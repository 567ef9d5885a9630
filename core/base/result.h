// Expected failures as values: a Result<T> holds either a T or an Error.
// The code says what the caller may do about it, the message what failed, on what input, and the next step.
// Threads: values; share nothing.
// Tested by tests/core/base/result_test.cc
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace lookalike {

enum class ErrorCode {
  usage,        // the command or its options are wrong: fix the command
  not_found,    // nothing there: another name may do
  auth,         // key missing or refused: get a key
  quota,        // the service's or the user's budget is used up: wait
  network,      // connection, time-out, 5xx: try again later
  bad_data,     // bytes that are not what they claim to be: skip them
  model,        // the network file is missing or broken: pull one
  interrupted,  // the user or a limit stopped it
};

// The name used in JSON and in logs, such as "bad_data".
const char* to_string(ErrorCode code);

// More than the code says, where a search goes by it.
enum class ErrorCause {
  other,
  rate,         // it would have had to wait, and was not to (patience.h): what was asked for was not sent
  unreachable,  // there is no way to the host: nothing was sent
};

struct Error {
  ErrorCode code = ErrorCode::bad_data;
  std::string message;
  ErrorCause cause = ErrorCause::other;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok()
  T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !ok()
  const Error& error() const {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  // REQUIRES: !ok()
  const Error& error() const {
    assert(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace lookalike

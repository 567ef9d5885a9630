// Keeps two runs of the program from writing one file at once, by flock on a file beside it.
// Threads: a FileLock belongs to one thread at a time.
// Tested by tests/core/base/files/file_lock_test.cc
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <utility>

#include "core/base/files/unique_fd.h"
#include "core/base/result.h"

namespace lookalike {

class FileLock {
 public:
  // Makes the lock file when there is none, and waits up to `patience` for another holder to let go; `on_wait` is
  // called once when it has to. Errors: usage (cannot be made; held for longer), interrupted.
  static Result<FileLock> acquire(const std::filesystem::path& path, std::chrono::milliseconds patience,
                                  const std::function<void()>& on_wait, std::stop_token stop);

 private:
  explicit FileLock(UniqueFd file) : file_(std::move(file)) {}
  UniqueFd file_;
};

}  // namespace lookalike

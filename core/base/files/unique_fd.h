// Owns a file descriptor: closes it at the end.
// Threads: one at a time.
// Tested by tests/core/base/files/unique_fd_test.cc
#pragma once

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace lookalike {

class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int descriptor) : descriptor_(descriptor) {}  // below 0: none
  UniqueFd(UniqueFd&& other) noexcept : descriptor_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      reset();
      descriptor_ = other.release();
    }
    return *this;
  }
  ~UniqueFd() { reset(); }

  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  // The caller closes it from now on.
  int release() { return std::exchange(descriptor_, -1); }
  // errno stays as it was, since the caller may want to tell why it gives up.
  void reset() {
    const int why = errno;
    if (is_open()) ::close(release());
    errno = why;
  }
  // For what was written: some file systems tell only now that the disk is full. False: errno says why.
  bool close() { return ::close(release()) == 0; }

 private:
  int descriptor_ = -1;
};

}  // namespace lookalike

#include "core/base/files/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

namespace lookalike {

Result<FileLock> FileLock::acquire(const std::filesystem::path& path, std::chrono::milliseconds patience,
                                   const std::function<void()>& on_wait, std::stop_token stop) {
  // The file stays when the lock is let go: removing it would let two holders lock two files of one name.
  FileLock lock(UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)));
  const auto cannot = [&] {
    return Error{ErrorCode::usage, "cannot lock " + path.string() + ": " + std::strerror(errno)};
  };
  if (!lock.file_.is_open()) return cannot();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (bool first = true; ::flock(lock.file_.get(), LOCK_EX | LOCK_NB) != 0; first = false) {
    if (errno != EWOULDBLOCK && errno != EINTR) return cannot();
    if (stop.stop_requested()) return Error{ErrorCode::interrupted, "interrupted while waiting for " + path.string()};
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error{ErrorCode::usage, "another run of lookalike is fetching this network (it holds " + path.string() +
                                         "); try again when it is done"};
    }
    if (first && on_wait) on_wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return lock;
}

}  // namespace lookalike

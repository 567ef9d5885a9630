#include "cli/console/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

#include "core/base/files/file.h"
#include "core/base/files/file_replacement.h"

namespace lookalike {
namespace {

Error cannot_write(const std::string& path, const std::string& why) {
  return Error{ErrorCode::usage, "cannot write the results to " + path + ": " + why};
}

// Of a descriptor that is open for it.
bool is_writable(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

bool has_open_stream(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF;
}

}  // namespace

bool guard_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (has_open_stream(stream)) continue;
    // The lowest free number is this one. Reading is the only thing that must fail of standard input, and writing of
    // the others.
    if (::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) return false;
  }
  return true;
}

Status check_output_file(const std::string& path, bool force) {
  if (const auto own = own_descriptor(path)) {
    return is_writable(*own) ? Status{} : Status{cannot_write(path, "it is not open for writing")};
  }
  struct stat info {};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  if (!exists && errno != ENOENT) return cannot_write(path, std::strerror(errno));
  if (exists && S_ISDIR(info.st_mode)) return cannot_write(path, "it is a directory");
  if (exists && S_ISREG(info.st_mode) && !force) {
    return cannot_write(path, "it exists (--force overwrites it, --resume with --format jsonl continues it)");
  }
  const auto folder = behind_links(path).parent_path();
  const std::string parent = folder.empty() ? "." : folder.string();
  const bool replaceable = !exists || S_ISREG(info.st_mode);
  if (replaceable && ::access(parent.c_str(), W_OK | X_OK) == 0) return {};
  if (!exists) return cannot_write(path, parent + ": " + std::strerror(errno));
  return ::access(path.c_str(), W_OK) == 0 ? Status{} : Status{cannot_write(path, std::strerror(errno))};
}

Status check_standard_output() {
  if (is_writable(STDOUT_FILENO)) return {};
  return cannot_write("standard output", "it is closed; open it, or give --output FILE");
}

bool is_plain_file(const std::string& path) {
  struct stat info {};
  return !own_descriptor(path) && (::stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode));
}

bool names_standard_output(const std::string& path) {
  return own_descriptor(path) == STDOUT_FILENO;
}

Status write_standard_output(std::string_view bytes, bool* closed) {
  if (write_all(STDOUT_FILENO, bytes)) return {};
  if (errno != EPIPE) return cannot_write("standard output", std::strerror(errno));
  if (closed != nullptr) *closed = true;
  return {};
}

ExitCode print_answer(std::string_view text) {
  const Status written = write_standard_output(text);
  if (written.ok()) return ExitCode::found;
  print_error(written.error().message);
  return ExitCode::wrong_use;
}

void print_error(const std::string& message) {
  std::fprintf(stderr, "lookalike: error: %s\n", message.c_str());
}

Result<int> open_fifo(const std::string& path, std::stop_token stop) {
  constexpr std::chrono::milliseconds kBetweenLooks{20};
  std::mutex unused;
  std::condition_variable_any bell;
  std::unique_lock lock(unused);
  while (true) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0) return descriptor;
    if (errno != ENXIO) return cannot_write(path, std::strerror(errno));
    if (stop.stop_requested()) return cannot_write(path, "nobody reads it");
    bell.wait_for(lock, stop, kBetweenLooks, [] { return false; });
  }
}

Status write_output_file(const std::string& path, std::string_view bytes, std::stop_token stop) {
  if (const auto own = own_descriptor(path)) {
    if (write_all(*own, bytes) || errno == EPIPE) return {};
    return cannot_write(path, std::strerror(errno));
  }
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISFIFO(info.st_mode)) return write_file_atomically(path, bytes);
  const auto fifo = open_fifo(path, std::move(stop));
  if (!fifo.ok()) return fifo.error();
  const bool written = write_all(*fifo, bytes) || errno == EPIPE;  // a reader may have had enough
  const Status status = written ? Status{} : Status{cannot_write(path, std::strerror(errno))};
  ::close(*fifo);
  return status;
}

}  // namespace lookalike

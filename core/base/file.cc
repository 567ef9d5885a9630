#include "core/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace lookalike {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }
  // Closing tells about a full disk on some file systems, so its answer counts.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

Error system_error(ErrorCode code, const std::string& what, const std::filesystem::path& path) {
  return Error{code, what + " " + path.string() + ": " + std::strerror(errno)};
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, int64_t max_bytes) {
  // Opening a named pipe would wait for somebody to write into it.
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (file.get() < 0) return system_error(ErrorCode::not_found, "cannot open", path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return system_error(ErrorCode::not_found, "cannot read", path);
  if (S_ISDIR(info.st_mode)) return Error{ErrorCode::not_found, path.string() + " is a directory, not a file"};
  if (!S_ISREG(info.st_mode)) return Error{ErrorCode::not_found, path.string() + " is a pipe or a device, not a file"};
  const auto too_large = [&] {
    return Error{ErrorCode::bad_data, path.string() + " is larger than " + std::to_string(max_bytes) + " bytes"};
  };
  if (info.st_size > max_bytes) return too_large();
  std::string bytes;
  bytes.reserve(static_cast<size_t>(info.st_size));
  char buffer[1 << 16];
  while (true) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(ErrorCode::not_found, "cannot read", path);
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(got));
    if (static_cast<int64_t>(bytes.size()) > max_bytes) return too_large();
  }
}

Status write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  std::string temporary = path.string() + ".XXXXXX";
  FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return system_error(ErrorCode::usage, "cannot write", path);
  // mkostemp makes private files; the result should have what the user's umask gives.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const bool written = ::fchmod(file.get(), 0666 & ~mask) == 0 && write_all(file.get(), bytes) &&
                       ::fsync(file.get()) == 0 && file.close() && ::rename(temporary.c_str(), path.c_str()) == 0;
  if (written) return {};
  Error error = system_error(ErrorCode::usage, "cannot write", path);
  ::unlink(temporary.c_str());
  return error;
}

}  // namespace lookalike

#include "core/base/files/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "core/base/files/file_replacement.h"

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

// A file that cannot be replaced without a loss, and what is no regular file: its bytes change, it stays.
Status write_into(const std::filesystem::path& path, std::string_view bytes) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0 || !write_all(file.get(), bytes)) return system_error(ErrorCode::usage, "cannot write", path);
  const bool synced = ::fsync(file.get()) == 0 || errno == EINVAL || errno == EROFS;  // a pipe has no disk
  if (!synced || !file.close()) return system_error(ErrorCode::usage, "cannot write", path);
  return {};
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
  struct stat named {};
  const bool exists = ::stat(path.c_str(), &named) == 0;
  if (exists && !S_ISREG(named.st_mode)) return write_into(path, bytes);
  auto fresh = FileReplacement::begin(behind_links(path));
  if (!fresh && exists) return write_into(path, bytes);
  if (fresh && write_all(fresh->descriptor(), bytes) && fresh->commit()) return {};
  return system_error(ErrorCode::usage, "cannot write", path);
}

}  // namespace lookalike

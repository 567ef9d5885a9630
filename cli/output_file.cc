#include "cli/output_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace lookalike {

Status check_output_file(const std::string& path, bool force) {
  const auto refuse = [&path](const std::string& why) {
    return Error{ErrorCode::usage, "cannot write the results to " + path + ": " + why};
  };
  struct stat info {};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) return refuse("it is a directory");
  if (exists && S_ISREG(info.st_mode) && !force)
    return refuse("it exists (--force overwrites it, --resume with --format jsonl goes on with it)");
  if (exists && !S_ISREG(info.st_mode)) {
    return ::access(path.c_str(), W_OK) == 0 ? Status{} : Status{refuse(std::strerror(errno))};
  }
  const auto folder = std::filesystem::path(path).parent_path();
  const std::string parent = folder.empty() ? "." : folder.string();
  if (::access(parent.c_str(), W_OK | X_OK) != 0) return refuse(parent + ": " + std::strerror(errno));
  return {};
}

Status write_standard_output(std::string_view bytes, bool* closed) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) {
      if (closed != nullptr) *closed = true;
      return {};
    }
    if (written < 0) {
      return Error{ErrorCode::usage,
                   std::string("cannot write the results to standard output: ") + std::strerror(errno)};
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

}  // namespace lookalike

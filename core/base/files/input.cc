#include "core/base/files/input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/base/files/file.h"
#include "core/base/files/unique_fd.h"
#include "core/base/text/numbers.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kTick{50};  // how soon a stop is seen
constexpr int kMostInputLinks = 16;

Error cannot_read(const std::string& name) {
  return {ErrorCode::not_found, "cannot read " + name + ": " + std::strerror(errno)};
}

// "/dev/stdin", "/dev/fd/3", "/proc/self/fd/3"
std::optional<int> descriptor_of_path(const std::string& path) {
  if (path == "/dev/stdin") return STDIN_FILENO;
  const std::string own = "/proc/" + std::to_string(::getpid()) + "/fd/";
  for (const std::string& folder : {std::string("/dev/fd/"), std::string("/proc/self/fd/"), own}) {
    if (!path.starts_with(folder)) continue;
    const auto number = parse_number<int>(std::string_view(path).substr(folder.size()));
    return number && *number >= 0 ? number : std::nullopt;
  }
  return std::nullopt;
}

// An open input. One that was opened here does not block; standard input is shared with others and stays as it is.
class Input {
 public:
  // Opened here.
  Input(UniqueFd own, std::string name) : own_(std::move(own)), descriptor_(own_.get()), name_(std::move(name)) {}
  // Open already.
  Input(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}

  Result<std::string> read_all(int64_t max_bytes, const InputPatience& patience) {
    if (descriptor_ < 0) return Error{ErrorCode::not_found, "cannot open " + name_ + ": " + std::strerror(errno)};
    struct stat info {};
    if (::fstat(descriptor_, &info) != 0) return cannot_read(name_);
    if (S_ISDIR(info.st_mode)) return Error{ErrorCode::not_found, name_ + " is a directory, not a file"};
    named_pipe_ = own_.is_open() && S_ISFIFO(info.st_mode);
    awaits_writer_ = named_pipe_;
    if (S_ISREG(info.st_mode)) bytes_.reserve(static_cast<size_t>(std::clamp<int64_t>(info.st_size, 0, max_bytes)));
    while (true) {
      const auto ready = wait(patience);
      if (!ready.ok()) return ready.error();
      if (!*ready) continue;
      const auto more = read_some();
      if (!more.ok()) return more.error();
      if (!*more) return std::move(bytes_);
      if (static_cast<int64_t>(bytes_.size()) > max_bytes) {
        return Error{ErrorCode::bad_data, fmt::format("{} is larger than {} bytes", name_, max_bytes)};
      }
    }
  }

 private:
  // Whether there is something to read, the end included; no longer than a tick.
  Result<bool> wait(const InputPatience& patience) {
    if (patience.stop.stop_requested()) return Error{ErrorCode::interrupted, name_ + ": interrupted"};
    pollfd polled{descriptor_, POLLIN, 0};
    const int ready = ::poll(&polled, 1, static_cast<int>(kTick.count()));
    if (ready < 0 && errno != EINTR) return cannot_read(name_);
    if (ready > 0) {
      awaits_writer_ = false;
      return true;
    }
    if (named_pipe_) {
      const bool written_to = has_writer();
      // What left before this end was opened is not told of by poll.
      if (!written_to && !bytes_.empty()) return true;
      if (written_to) awaits_writer_ = false;
    }
    const auto now = std::chrono::steady_clock::now();
    if (awaits_writer_ && patience.deadline && now >= *patience.deadline) {
      return Error{ErrorCode::not_found, name_ + ": nobody opened this pipe to write into it within the time limit"};
    }
    if (!awaits_writer_ && patience.read_by && now >= *patience.read_by) {
      return Error{ErrorCode::not_found, name_ + ": its end did not come within the time limit and --timeout"};
    }
    return false;
  }

  // A named pipe that nobody writes into reads as if at its end; a silent one has nothing as yet.
  bool has_writer() {
    char byte = 0;
    const ssize_t got = ::read(descriptor_, &byte, 1);
    if (got > 0) bytes_ += byte;
    return got > 0 || (got < 0 && errno == EAGAIN);
  }

  // False at the end.
  Result<bool> read_some() {
    char buffer[1 << 16];
    const ssize_t got = ::read(descriptor_, buffer, sizeof buffer);
    if (got > 0) bytes_.append(buffer, static_cast<size_t>(got));
    if (got >= 0) return got > 0;
    if (errno == EINTR || errno == EAGAIN) return true;
    return cannot_read(name_);
  }

  UniqueFd own_;
  int descriptor_;
  std::string name_;
  bool named_pipe_ = false;
  bool awaits_writer_ = false;
  std::string bytes_;
};

}  // namespace

std::optional<int> descriptor_named(const std::string& name) {
  if (name == "-") return STDIN_FILENO;
  fs::path path = name;
  for (int link = 0; link < kMostInputLinks; ++link) {
    if (const auto descriptor = descriptor_of_path(path)) return descriptor;
    std::error_code none;
    const fs::path target = fs::read_symlink(path, none);
    if (none) return std::nullopt;
    path = path.parent_path() / target;
  }
  return std::nullopt;
}

std::string input_name(const std::string& name) {
  return descriptor_named(name) == STDIN_FILENO ? "standard input" : name;
}

Result<std::string> read_input(const std::string& name, int64_t max_bytes, const InputPatience& patience) {
  const auto open_already = descriptor_named(name);
  if (open_already) return Input(*open_already, input_name(name)).read_all(max_bytes, patience);
  return Input(UniqueFd(::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)), name).read_all(max_bytes, patience);
}

Result<std::string> read_text(const std::string& name, int64_t max_bytes, const InputPatience& patience) {
  return named_text(read_input(name, max_bytes, patience), input_name(name));
}

}  // namespace lookalike

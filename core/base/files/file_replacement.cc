#include "core/base/files/file_replacement.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "core/base/text/numbers.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel has it
// Short, so that it is a name wherever the target's is one.
constexpr const char* kTemporaryName = ".lookalike.XXXXXX";

fs::path folder_of(const fs::path& name) {
  const fs::path folder = name.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

// What the last part of a name points to; nothing when it is no link.
std::optional<fs::path> next_link(const fs::path& name) {
  std::error_code error;
  if (!fs::is_symlink(fs::symlink_status(name, error))) return std::nullopt;
  const fs::path to = fs::read_symlink(name, error);
  if (error) return std::nullopt;
  return to.is_absolute() ? to : folder_of(name) / to;
}

// "/proc/123/fd", and the like of one thread.
bool lists_own_descriptors(const fs::path& folder) {
  std::error_code error;
  const std::string real = fs::canonical(folder, error).string();
  const std::string own = "/proc/" + std::to_string(::getpid()) + "/";
  return !error && real.starts_with(own) && real.ends_with("/fd");
}

// What the new file should have: the old one's, else what the user's umask gives.
mode_t wanted_mode(const struct stat* old) {
  if (old != nullptr) return old->st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

fs::path behind_links(const fs::path& name) {
  fs::path at = name;
  for (int i = 0; i < kMostLinks; ++i) {
    auto to = next_link(at);
    if (!to) return at;
    at = std::move(*to);
  }
  return name;
}

std::optional<int> own_descriptor(const fs::path& name) {
  fs::path at = name;
  for (int i = 0; i < kMostLinks; ++i) {
    const auto to = next_link(at);
    if (!to) return std::nullopt;
    if (lists_own_descriptors(folder_of(at))) {
      return parse_number<int>(at.filename().string());
    }
    at = *to;
  }
  return std::nullopt;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&room, 1, -1);
      continue;
    }
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

std::optional<FileReplacement> FileReplacement::begin(const fs::path& target) {
  std::string temporary = (folder_of(target) / kTemporaryName).string();
  UniqueFd file(::mkostemp(temporary.data(), O_CLOEXEC | O_APPEND));
  if (!file.is_open()) return std::nullopt;
  FileReplacement made(target, std::move(temporary), std::move(file));
  if (!made.take_over_owner_and_mode()) return std::nullopt;
  return made;
}

FileReplacement::FileReplacement(FileReplacement&& other) noexcept
    : target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, "")),
      file_(std::move(other.file_)) {}

FileReplacement::~FileReplacement() {
  const int why = errno;  // the caller may want to tell
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  errno = why;
}

bool FileReplacement::take_over_owner_and_mode() {
  struct stat old {};
  struct stat own {};
  if (::lstat(target_.c_str(), &old) != 0) {
    return errno == ENOENT && ::fchmod(file_.get(), wanted_mode(nullptr)) == 0;
  }
  if (!S_ISREG(old.st_mode) || old.st_nlink > 1) {
    errno = EMLINK;
    return false;
  }
  if (::fstat(file_.get(), &own) != 0) return false;
  const bool same = own.st_uid == old.st_uid && own.st_gid == old.st_gid;
  if (!same && ::fchown(file_.get(), old.st_uid, old.st_gid) != 0) return false;
  return ::fchmod(file_.get(), wanted_mode(&old)) == 0;  // after the owner, whose change takes some bits away
}

bool FileReplacement::commit() {
  if (::fsync(file_.get()) != 0) return false;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) return false;
  temporary_.clear();
  return true;
}

}  // namespace lookalike

#include "models/pull/part_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/base/text/digest.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

// A rename is on the disk only when its folder is.
void sync_folder(const fs::path& folder) {
  const UniqueFd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.is_open()) ::fsync(opened.get());
}

std::string megabytes(int64_t bytes) {
  return fmt::format("{} MB", (bytes + 999'999) / 1'000'000);
}

UniqueFd open_part(const fs::path& part) {
  return UniqueFd(::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
}

}  // namespace

PartFile::PartFile(fs::path target, fs::path part, UniqueFd file, int64_t size)
    : target_(std::move(target)), part_(std::move(part)), file_(std::move(file)), size_(size) {}

PartFile::~PartFile() {
  if (file_.is_open() && size_ == 0 && !placed_) discard();  // nothing to go on with
}

Result<PartFile> PartFile::open(const fs::path& target, int64_t whole_size) {
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  if (error) {
    return Error{ErrorCode::usage, "cannot make the folder " + target.parent_path().string() + ": " + error.message()};
  }
  fs::path part = target;
  part += ".part";
  UniqueFd opened = open_part(part);
  if (!opened.is_open()) return Error{ErrorCode::usage, "cannot write " + part.string() + ": " + std::strerror(errno)};
  struct stat info {};
  const bool known = ::fstat(opened.get(), &info) == 0 && S_ISREG(info.st_mode);
  PartFile file(target, part, std::move(opened), known ? info.st_size : 0);
  if (!known) return Error{ErrorCode::usage, part.string() + " is not a plain file; remove it"};
  const fs::space_info space = fs::space(target.parent_path(), error);
  const int64_t needed = whole_size - file.size_;
  if (!error && needed > 0 && space.available < static_cast<uintmax_t>(needed)) {
    return Error{ErrorCode::usage, "the disk is too full: " + target.string() + " needs " + megabytes(needed) + ", " +
                                       megabytes(static_cast<int64_t>(space.available)) + " are free"};
  }
  return file;
}

Error PartFile::failure(const std::string& what) const {
  if (errno == ENOSPC || errno == EDQUOT) {
    return Error{ErrorCode::usage, "the disk is full: cannot write " + part_.string() + " beyond " + megabytes(size_) +
                                       "; make room and run the command again"};
  }
  return Error{ErrorCode::usage, "cannot " + what + " " + part_.string() + ": " + std::strerror(errno)};
}

Status PartFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file_.get(), bytes.data(), bytes.size(), size_);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failure("write");
    size_ += written;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Status PartFile::restart() {
  if (::ftruncate(file_.get(), 0) != 0) return failure("empty");
  size_ = 0;
  return {};
}

Status PartFile::adopt(const fs::path& file) {
  if (::rename(file.c_str(), part_.c_str()) != 0) return failure("replace");
  file_ = open_part(part_);
  struct stat info {};
  if (!file_.is_open() || ::fstat(file_.get(), &info) != 0) return failure("open");
  size_ = info.st_size;
  return {};
}

Result<std::string> PartFile::read(int64_t offset, size_t count) const {
  std::string bytes(count, '\0');
  size_t filled = 0;
  while (filled < count) {
    const ssize_t got =
        ::pread(file_.get(), bytes.data() + filled, count - filled, offset + static_cast<int64_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("read");
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

void PartFile::discard() {
  ::unlink(part_.c_str());
}

Status PartFile::place(int64_t expected_bytes, const std::string& expected_sha256) {
  if (size_ != expected_bytes) {
    discard();
    return Error{ErrorCode::bad_data,
                 fmt::format("expected {} bytes, found {}; the file was removed", expected_bytes, size_)};
  }
  const auto digest = sha256_of_file(part_);
  if (!digest.ok()) return digest.error();
  if (*digest != expected_sha256) {
    discard();
    return Error{ErrorCode::bad_data,
                 "expected SHA-256 " + expected_sha256 + ", found " + *digest + "; the file was removed"};
  }
  if (::fsync(file_.get()) != 0) return failure("finish");
  if (::rename(part_.c_str(), target_.c_str()) != 0) return failure("rename");
  placed_ = true;
  sync_folder(target_.parent_path());
  return {};
}

}  // namespace lookalike

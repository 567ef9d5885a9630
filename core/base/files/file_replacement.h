// A file that takes the place of another in one step: written beside it, then renamed over it, with its mode, owner and
// group. What cannot be replaced without a loss is not: a file with a second name (a hard link), or whose owner we may
// not give. Then the caller writes into the file itself.
// Threads: one at a time.
// Tested by tests/core/base/files/file_replacement_test.cc
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/files/unique_fd.h"

namespace lookalike {

// Where the bytes of a name end up: links are followed, also to what is not there yet. A name that leads in circles
// stays as it is.
std::filesystem::path behind_links(const std::filesystem::path& name);

// The descriptor of this process that a name such as /dev/stdout or /dev/fd/3 stands for, also through links. Opening
// the name would begin a regular file behind it anew, at its first byte.
std::optional<int> own_descriptor(const std::filesystem::path& name);

// All of it, also to a pipe that somebody made non-blocking. False: errno says why.
bool write_all(int descriptor, std::string_view bytes);

class FileReplacement {
 public:
  // `target`: as behind_links() gives it; it need not exist. Nothing when it cannot be replaced: errno says why.
  static std::optional<FileReplacement> begin(const std::filesystem::path& target);
  FileReplacement(FileReplacement&& other) noexcept;
  FileReplacement& operator=(FileReplacement&&) = delete;
  // Without commit() the target stays as it was.
  ~FileReplacement();

  // Of the new file, open for writing at its end.
  int descriptor() const { return file_.get(); }
  // On the disk and in its place. False: errno says why, and the target is as it was.
  bool commit();
  // Keeps the descriptor, which the caller then closes. REQUIRES: commit() returned true
  int release() { return file_.release(); }

 private:
  FileReplacement(std::filesystem::path target, std::string temporary, UniqueFd file)
      : target_(std::move(target)), temporary_(std::move(temporary)), file_(std::move(file)) {}

  bool take_over_owner_and_mode();

  std::filesystem::path target_;
  std::string temporary_;  // empty: it is in its place
  UniqueFd file_;
};

}  // namespace lookalike

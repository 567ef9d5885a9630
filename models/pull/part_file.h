// A network's file while it is being fetched: "NAME.onnx.part" beside its place, kept between runs so that a download
// can go on, and put in place only when it is whole.
// Units: bytes.
// Threads: one at a time.
// Tested by tests/models/pull/part_file_test.cc
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/files/unique_fd.h"
#include "core/base/result.h"

namespace lookalike {

class PartFile {
 public:
  // Opens the part of `target`, or begins one, and makes the folder; one that stays empty is removed at the end.
  // Errors: usage (cannot be made; less room on the disk than `whole_size` asks for).
  static Result<PartFile> open(const std::filesystem::path& target, int64_t whole_size);
  ~PartFile();
  PartFile(PartFile&& other) noexcept = default;
  PartFile& operator=(PartFile&&) = delete;

  int64_t size() const { return size_; }
  const std::filesystem::path& path() const { return part_; }

  // Errors of the following: usage (disk full, cannot be written).
  Status append(std::string_view bytes);
  Status restart();
  // Takes over what another program wrote.
  Status adopt(const std::filesystem::path& file);
  // The bytes from `offset`, at most `count`. REQUIRES: 0 <= offset
  Result<std::string> read(int64_t offset, size_t count) const;

  // Checks size and digest, makes sure that the bytes are on the disk, and renames. A file that is not the expected one
  // is removed. Errors: bad_data, naming what was expected and what was found; usage.
  Status place(int64_t expected_bytes, const std::string& expected_sha256);

 private:
  PartFile(std::filesystem::path target, std::filesystem::path part, UniqueFd file, int64_t size);
  Error failure(const std::string& what) const;
  void discard();

  std::filesystem::path target_;
  std::filesystem::path part_;
  UniqueFd file_;  // none: it was moved away
  int64_t size_;
  bool placed_ = false;
};

}  // namespace lookalike

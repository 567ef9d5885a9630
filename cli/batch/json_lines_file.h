// The file of a long run: one document a line, appended as each is done, and read again by --resume.
// A line is written in one piece and counts once its newline is there, so a process killed at any instant loses nothing
// that was finished; sync() brings lines to the disk, for when the power fails. A last line without its end is dropped,
// or ended when the document is whole. A full disk takes the begun line back.
// The file itself is locked (flock), so two runs cannot write it at once, and a killed one leaves no lock behind.
// Cost: open() reads the file once; in memory stays some 200 bytes a line.
// Threads: one at a time but for sync().
// Tested by tests/cli/batch/json_lines_file_test.cc
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

enum class Earlier { found, nothing_found, failed };

struct DoneImage {
  std::string sha256;  // of the image's file; empty when it could not be read
  Earlier result = Earlier::found;
};

class JsonLinesFile {
 public:
  enum class Mode {
    fresh,         // there must be no such file, or nothing in it
    overwrite,     // what is there goes
    resume,        // what is there counts as done
    retry_failed,  // likewise, but lines of failed images are taken out
  };

  // Errors: usage (exists, locked by another run, not writable, not a file of results).
  // `stop` ends the wait for somebody to read a FIFO.
  static Result<JsonLinesFile> open(const std::filesystem::path& path, Mode mode, std::stop_token stop = {});
  ~JsonLinesFile();
  JsonLinesFile(JsonLinesFile&& other) noexcept;
  JsonLinesFile& operator=(JsonLinesFile&&) = delete;

  // What the file says of an image of that name, one for each content that it had; null when it says nothing.
  const std::vector<DoneImage>* done(const std::string& source) const;
  bool lost_a_torn_line() const { return torn_; }

  // `line` without its newline. Errors: usage (full disk); then the file ends as before.
  Status append(std::string_view line);
  // To the disk, if there is anything new. Errors: usage.
  Status sync();

 private:
  JsonLinesFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  Status read_lines();
  Status take_out_failed();
  bool copy_without_failed(int descriptor, JsonLinesFile& kept) const;
  bool rewrite_without_failed(JsonLinesFile& kept);
  Error cannot(const std::string& what) const;

  std::filesystem::path path_;
  int descriptor_ = -1;
  int64_t size_ = 0;
  bool torn_ = false;
  std::atomic<bool> dirty_ = false;
  std::unordered_map<std::string, std::vector<DoneImage>> done_;
};

}  // namespace lookalike

#include "cli/batch/json_lines_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "cli/console/output_file.h"
#include "core/base/files/file_replacement.h"
#include "core/base/text/digest.h"
#include "core/base/text/json.h"

namespace lookalike {
namespace {

struct Line {
  std::string source;
  DoneImage image;
};

// Nothing when the line is no document of ours.
std::optional<Line> parse_line(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const auto document = parse_json(text);
  if (!document.ok()) return std::nullopt;
  const auto* query = json_member(*document, "query");
  if (query == nullptr || json_text(*document, "schema") != "lookalike/1") return std::nullopt;
  Line line{.source = json_text(*query, "source").value_or(""),
            .image = {.sha256 = json_text(*query, "sha256").value_or("")}};
  if (const auto encoded = json_text(*query, "source_base64")) {
    line.source = base64_decode(*encoded).value_or(line.source);
  }
  const auto* results = json_member(*document, "results");
  if (json_member(*document, "error") != nullptr || results == nullptr || !results->IsArray())
    line.image.result = Earlier::failed;
  else if (results->Empty())
    line.image.result = Earlier::nothing_found;
  return line;
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// The lines of an open file, from its beginning, through a descriptor of its own.
class LineReader {
 public:
  explicit LineReader(const std::filesystem::path& path) : file_(std::fopen(path.c_str(), "rbe")) {}
  ~LineReader() { std::free(line_); }
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // Without the newline; `ended` says whether there was one.
  std::optional<std::string_view> next(bool& ended) {
    if (!file_) return std::nullopt;
    const ssize_t got = ::getline(&line_, &capacity_, file_.get());
    if (got <= 0) return std::nullopt;
    ended = line_[got - 1] == '\n';
    return std::string_view(line_, static_cast<size_t>(got) - (ended ? 1 : 0));
  }

 private:
  File file_;
  char* line_ = nullptr;
  size_t capacity_ = 0;
};

bool is_same_file(int descriptor, const std::filesystem::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

bool is_empty(int descriptor) {
  struct stat info {};
  return ::fstat(descriptor, &info) == 0 && info.st_size == 0;
}

// So that a new name outlives a power cut; where a file system cannot, it cannot.
void sync_folder_of(const std::filesystem::path& path) {
  const auto folder = path.parent_path();
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)::fsync(descriptor);
  ::close(descriptor);
}

// A pipe, a terminal, /dev/null: there is nothing to keep, to lock or to read again.
bool is_device(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

Result<int> open_device(const std::filesystem::path& path, std::stop_token stop) {
  std::error_code error;
  if (std::filesystem::is_fifo(path, error)) return open_fifo(path.string(), std::move(stop));
  return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
}

}  // namespace

Error JsonLinesFile::cannot(const std::string& what) const {
  return {ErrorCode::usage, "cannot write the results to " + path_.string() + ": " + what};
}

Result<JsonLinesFile> JsonLinesFile::open(const std::filesystem::path& path, Mode mode, std::stop_token stop) {
  if (is_device(path)) {
    const auto opened = open_device(path, std::move(stop));
    if (!opened.ok()) return opened.error();
    JsonLinesFile file(path, *opened);
    if (*opened < 0) return file.cannot(std::strerror(errno));
    return file;
  }
  const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
  while (true) {
    JsonLinesFile file(path, ::open(path.c_str(), flags, 0666));
    if (file.descriptor_ < 0) return file.cannot(std::strerror(errno));
    if (::flock(file.descriptor_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return file.cannot(std::strerror(errno));
      return file.cannot(
          "another run of lookalike is writing it; give each run a file of its own, or wait for the other");
    }
    // --retry-failed puts a new file in the place of the old one, which somebody may have opened in between.
    if (!is_same_file(file.descriptor_, path)) continue;
    if (mode == Mode::fresh && !is_empty(file.descriptor_))
      return file.cannot("it exists (--resume continues it, --force overwrites it)");
    if (mode == Mode::overwrite && ::ftruncate(file.descriptor_, 0) != 0) return file.cannot(std::strerror(errno));
    if (mode == Mode::resume || mode == Mode::retry_failed) {
      if (Status read = file.read_lines(); !read.ok()) return read.error();
    }
    if (mode == Mode::retry_failed) {
      if (Status taken = file.take_out_failed(); !taken.ok()) return taken.error();
    }
    sync_folder_of(path);
    return file;
  }
}

JsonLinesFile::JsonLinesFile(JsonLinesFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      torn_(other.torn_),
      dirty_(other.dirty_.load()),
      done_(std::move(other.done_)) {}

JsonLinesFile::~JsonLinesFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

// What follows the last whole line is cut off: a torn line, or blocks that a power cut left as zeros.
Status JsonLinesFile::read_lines() {
  LineReader lines(path_);
  bool ended = true;
  int64_t number = 0;
  std::optional<int64_t> bad;  // the first line that is no document
  while (const auto text = lines.next(ended)) {
    ++number;
    auto line = parse_line(*text);
    if (!line) {
      if (ended && text->find('\0') == std::string_view::npos) {
        return cannot("its line " + std::to_string(number) +
                      " is not a result of lookalike; --resume can only continue a file of --format jsonl");
      }
      bad = number;
      continue;
    }
    if (bad) return cannot("its line " + std::to_string(*bad) + " is damaged; remove the line to continue");
    size_ += static_cast<int64_t>(text->size()) + 1;
    done_[std::move(line->source)].push_back(std::move(line->image));
  }
  torn_ = bad.has_value();
  if (!bad && !ended && !write_all(descriptor_, "\n")) return cannot(std::strerror(errno));
  if (bad && ::ftruncate(descriptor_, size_) != 0) return cannot(std::strerror(errno));
  dirty_ = bad || !ended;
  return {};
}

// The lines that stay, to that descriptor; what they say is noted in `kept`.
bool JsonLinesFile::copy_without_failed(int descriptor, JsonLinesFile& kept) const {
  LineReader lines(path_);
  bool ended = true;
  while (const auto text = lines.next(ended)) {
    auto line = parse_line(*text);
    if (!line || line->image.result == Earlier::failed) continue;
    if (!write_all(descriptor, std::string(*text) + "\n")) return false;
    kept.size_ += static_cast<int64_t>(text->size()) + 1;
    kept.done_[std::move(line->source)].push_back(std::move(line->image));
  }
  return true;
}

// A new file beside the old one, locked before it takes its place.
Status JsonLinesFile::take_out_failed() {
  JsonLinesFile kept(path_, -1);
  auto fresh = FileReplacement::begin(behind_links(path_));
  if (fresh) {
    if (::flock(fresh->descriptor(), LOCK_EX | LOCK_NB) != 0 || !copy_without_failed(fresh->descriptor(), kept) ||
        !fresh->commit()) {
      return cannot(std::strerror(errno));
    }
    kept.descriptor_ = fresh->release();
    std::swap(descriptor_, kept.descriptor_);
  } else if (!rewrite_without_failed(kept)) {
    return cannot(std::strerror(errno));
  }
  std::swap(size_, kept.size_);
  std::swap(done_, kept.done_);
  return {};
}

// A file that cannot be replaced without a loss: its lines go through one that has no name.
bool JsonLinesFile::rewrite_without_failed(JsonLinesFile& kept) {
  const File between(std::tmpfile());
  if (!between || !copy_without_failed(::fileno(between.get()), kept)) return false;
  if (::lseek(::fileno(between.get()), 0, SEEK_SET) != 0 || ::ftruncate(descriptor_, 0) != 0) return false;
  char buffer[1 << 16];
  ssize_t got = 0;
  while ((got = ::read(::fileno(between.get()), buffer, sizeof buffer)) > 0) {
    if (!write_all(descriptor_, {buffer, static_cast<size_t>(got)})) return false;
  }
  return got == 0;
}

const std::vector<DoneImage>* JsonLinesFile::done(const std::string& source) const {
  const auto found = done_.find(source);
  return found == done_.end() ? nullptr : &found->second;
}

Status JsonLinesFile::append(std::string_view line) {
  const std::string text = std::string(line) + "\n";
  if (write_all(descriptor_, text)) {
    size_ += static_cast<int64_t>(text.size());
    dirty_ = true;
    return {};
  }
  const Error error = cannot(std::strerror(errno));
  (void)::ftruncate(descriptor_, size_);
  return error;
}

Status JsonLinesFile::sync() {
  if (!dirty_.exchange(false)) return {};
  if (::fdatasync(descriptor_) == 0 || errno == EINVAL || errno == EROFS) return {};  // a pipe has no disk
  return cannot(std::strerror(errno));
}

}  // namespace lookalike

#include "core/pipeline/program_assessor.h"

#include <stdlib.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/feature_source.h"
#include "core/base/text/text.h"
#include "core/http/url.h"
#include "core/pipeline/score_program.h"
#include "core/vision/decode/decode.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

const char* extension_of(ImageFormat format) {
  switch (format) {
    case ImageFormat::jpeg: return ".jpg";
    case ImageFormat::png: return ".png";
    case ImageFormat::webp: return ".webp";
    case ImageFormat::gif: return ".gif";
    case ImageFormat::unknown: return "";
  }
  return "";
}

// A folder for one file at a time, readable by its owner alone; gone with this.
class ScratchFolder {
 public:
  ~ScratchFolder() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
  }

  // A path in the folder that no file has had before; nothing when there can be no folder.
  std::optional<fs::path> new_path(const std::string& extension) {
    if (path_.empty()) make();
    if (path_.empty()) return std::nullopt;
    return path_ / (std::to_string(++files_) + extension);
  }

 private:
  void make() {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "lookalike-score-XXXXXX").string();
    if (!error && ::mkdtemp(name.data()) != nullptr) path_ = name;
  }

  fs::path path_;
  int files_ = 0;
};

Error no_scratch_file() {
  return {ErrorCode::model,
          "cannot write photos for the scoring program into the folder for temporary files: is it full? "
          "TMPDIR names another"};
}

// A file or link in the scratch folder, removed when the program has seen it.
class ShownFile {
 public:
  explicit ShownFile(std::string path) : path_(std::move(path)) {}
  ~ShownFile() {
    std::error_code error;
    fs::remove(path_, error);
  }
  ShownFile(const ShownFile&) = delete;
  ShownFile& operator=(const ShownFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Job {
  PhotoInHand photo;
  PhotoAssessor::Done done;
};

// The program and the files that it is shown, on the queue's thread.
class Showroom {
 public:
  explicit Showroom(ScoreProgram::Options options) : program_(std::move(options)) {}

  // An interrupted job has nobody left to tell.
  void finish(Job job) {
    int64_t bytes_read = 0;
    const auto score = job.photo.bytes ? score_bytes(job.photo) : score_local(job.photo.photo, bytes_read);
    if (score.ok()) return job.done({number_embedding(*score), bytes_read});
    if (score.error().code != ErrorCode::interrupted) job.done({score.error(), bytes_read});
  }

 private:
  Result<double> score_bytes(const PhotoInHand& in_hand) {
    const std::string_view bytes = picture_in(*in_hand.bytes);
    const ImageFormat format = image_format(bytes);
    if (format == ImageFormat::unknown) {
      return Error{ErrorCode::bad_data, redacted_url(in_hand.photo.image_url) + ": " + describe_unknown_format(bytes)};
    }
    const auto path = scratch_.new_path(extension_of(format));
    if (!path || valid_utf8(path->string()) != path->string()) return no_scratch_file();
    const ShownFile file(path->string());
    std::ofstream out(*path, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return no_scratch_file();
    return program_.score(in_hand.photo, file.path());
  }

  // A path that is no valid UTF-8 cannot stand in JSON; a link to it can.
  Result<double> score_local(const Photo& photo, int64_t& bytes_read) {
    std::error_code error;
    const fs::path original = fs::absolute(photo.local_path, error);
    const auto size = fs::file_size(original, error);
    if (error) return Error{ErrorCode::not_found, photo.local_path + ": " + error.message()};
    bytes_read = static_cast<int64_t>(size);
    if (valid_utf8(original.string()) == original.string()) return program_.score(photo, original.string());
    const auto link = scratch_.new_path(valid_utf8(original.extension().string()));
    if (!link) return no_scratch_file();
    const ShownFile file(link->string());
    fs::create_symlink(original, *link, error);
    if (error) return no_scratch_file();
    return program_.score(photo, file.path());
  }

  ScratchFolder scratch_;
  ScoreProgram program_;
};

}  // namespace

class ProgramAssessor::Queue {
 public:
  explicit Queue(ScoringProgramOptions program) : program_(std::move(program)), thread_([this] { work(); }) {}

  // Jobs not yet begun are dropped, the one under way is interrupted. The program has ended on return.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      jobs_.clear();
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void submit(Job job) {
    {
      const std::lock_guard lock(mutex_);
      if (closing_) return;
      jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
  }

 private:
  bool interrupted() {
    const std::lock_guard lock(mutex_);
    return closing_ && busy_;
  }

  void work() {
    Showroom showroom(
        {.command = program_.command, .time_limit = program_.time_limit, .stop = [this] { return interrupted(); }});
    while (true) {
      std::unique_lock lock(mutex_);
      busy_ = false;
      changed_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
      if (closing_) return;
      busy_ = true;
      Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      showroom.finish(std::move(job));
    }
  }

  const ScoringProgramOptions program_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool closing_ = false;
  bool busy_ = false;
  std::thread thread_;  // the last, as it uses all others
};

ProgramAssessor::ProgramAssessor(ScoringProgramOptions program) : queue_(std::make_unique<Queue>(std::move(program))) {}

ProgramAssessor::~ProgramAssessor() {
  queue_->close();
}

void ProgramAssessor::close() {
  queue_->close();
}

void ProgramAssessor::assess(const PhotoInHand& photo, Done done) {
  queue_->submit({photo, std::move(done)});
}

}  // namespace lookalike

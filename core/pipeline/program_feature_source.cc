#include "core/pipeline/program_feature_source.h"

#include <stdlib.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/base/number_embedding.h"
#include "core/base/text.h"
#include "core/net/url.h"
#include "core/pipeline/score_program.h"
#include "core/vision/image_format.h"

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
  Photo photo;
  std::string bytes;  // unless the photo is on this disk
  TransferCost cost;
  FeatureSource::Done done;
};

// The program and the files that it is shown, on the queue's thread.
class Assessor {
 public:
  explicit Assessor(ScoreProgram::Options options) : program_(std::move(options)) {}

  // An interrupted job has nobody left to tell.
  void finish(Job job) {
    const auto score = job.photo.local_path.empty() ? score_bytes(job) : score_local(job);
    if (score.ok()) return job.done({number_embedding(*score), job.cost});
    if (score.error().code != ErrorCode::interrupted) job.done({score.error(), job.cost});
  }

 private:
  Result<double> score_bytes(const Job& job) {
    const ImageFormat format = image_format(job.bytes);
    if (format == ImageFormat::unknown) {
      return Error{ErrorCode::bad_data, redacted_url(job.photo.image_url) + ": " + describe_unknown_format(job.bytes)};
    }
    const auto path = scratch_.new_path(extension_of(format));
    if (!path || valid_utf8(path->string()) != path->string()) return no_scratch_file();
    const ShownFile file(path->string());
    std::ofstream out(*path, std::ios::binary);
    out.write(job.bytes.data(), static_cast<std::streamsize>(job.bytes.size()));
    out.close();
    if (!out) return no_scratch_file();
    return program_.score(job.photo, file.path());
  }

  // A path that is no valid UTF-8 cannot stand in JSON; a link to it can.
  Result<double> score_local(Job& job) {
    std::error_code error;
    const fs::path original = fs::absolute(job.photo.local_path, error);
    const auto size = fs::file_size(original, error);
    if (error) return Error{ErrorCode::not_found, job.photo.local_path + ": " + error.message()};
    job.cost.bytes = static_cast<int64_t>(size);
    if (valid_utf8(original.string()) == original.string()) return program_.score(job.photo, original.string());
    const auto link = scratch_.new_path(valid_utf8(original.extension().string()));
    if (!link) return no_scratch_file();
    const ShownFile file(link->string());
    fs::create_symlink(original, *link, error);
    if (error) return no_scratch_file();
    return program_.score(job.photo, file.path());
  }

  ScratchFolder scratch_;
  ScoreProgram program_;
};

}  // namespace

class ProgramFeatureSource::Queue {
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
    thread_.join();
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
    Assessor assessor(
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
      assessor.finish(std::move(job));
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

ProgramFeatureSource::ProgramFeatureSource(HttpClient& http, ImageFetchRules images, ScoringProgramOptions program)
    : http_(http), images_(std::move(images)), queue_(std::make_shared<Queue>(std::move(program))) {}

ProgramFeatureSource::~ProgramFeatureSource() {
  queue_->close();
}

void ProgramFeatureSource::fetch(const Photo& photo, int max_requests, Reports reports) {
  if (!photo.local_path.empty()) {
    return queue_->submit({.photo = photo, .bytes = {}, .cost = {.requests = 1}, .done = std::move(reports.done)});
  }
  download_photo(http_, images_.of(photo), photo, max_requests,
                 [queue = queue_, photo, reports = std::move(reports)](PhotoBytes answer) {
                   if (!answer.bytes.ok()) return reports.done({answer.bytes.error(), answer.cost});
                   if (reports.transferred) reports.transferred(answer.cost);
                   queue->submit({photo, std::move(*answer.bytes), answer.cost, reports.done});
                 });
}

}  // namespace lookalike

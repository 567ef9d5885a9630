// Searches for many images, --jobs of them at once, and brings each result to its place as it is done.
// The searches share the network's workers, the connections, the answers and the embeddings.
// What ends a run early (Ctrl-C, a refused key, the quota) leaves the images that were not done out of a file of JSON
// Lines, so that --resume does them; results that are whole are written in any case.
// Threads: run() is called once; it starts the jobs and a thread for progress and for bringing the file to the disk.
// Tested by tests/command/command_batch_test.cc and command_resume_test.cc
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/batch/batch_tally.h"
#include "cli/batch/json_lines_file.h"
#include "cli/batch/result_writer.h"
#include "cli/console/log_writer.h"
#include "cli/console/terminal.h"
#include "cli/query/image_search.h"
#include "core/pipeline/call_allowance.h"

namespace lookalike {

class BatchRun {
 public:
  // All borrowed.
  struct Setup {
    const SearchCommandOptions& options;
    const std::vector<std::string>& images;
    ImageSearch& search;
    ResultWriter& writer;
    JsonLinesFile* file;       // null: results go elsewhere
    HourlyQuota* quota;        // null: calls are not counted
    CallAllowance* allowance;  // of --total-calls; null: none
    WaitNotice& notice;        // what the searches wait for
    LogWriter& log;
    const Clock& clock;
    Terminal err;
    const SearchPlan& plan;
  };

  explicit BatchRun(const Setup& setup);

  // Until all is done, or `stop` is requested. Errors: usage (the output cannot be written).
  Result<ExitCode> run(std::stop_token stop);

 private:
  // What one image came to: searched for now, or done by an earlier run.
  struct Outcome {
    std::optional<Earlier> earlier;
    Searched searched;
  };

  void work(std::stop_token stop);
  std::optional<size_t> next(std::stop_token stop);
  Outcome attempt(const std::string& source, std::stop_token stop);
  std::optional<Earlier> done_before(const std::string& source) const;
  void wait_for_quota(std::stop_token stop);
  void pause(std::chrono::milliseconds duration, std::stop_token stop);
  bool is_cut(const Searched& searched) const;
  void finish(size_t index, Outcome outcome);
  void emit(const std::string& source, Outcome outcome);
  void tell(const std::string& source, const Searched& searched);
  void write(const std::string& source, Searched searched);
  void watch(std::stop_token stop);
  void sync_file();
  std::string progress();
  void say(const std::string& line);
  void show(const std::string& line);

  const Setup setup_;
  std::chrono::steady_clock::time_point begin_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  size_t next_ = 0;
  size_t next_to_write_ = 0;  // with --ordered
  std::map<size_t, Outcome> held_;
  bool ending_ = false;
  BatchTally tally_;
  Status output_;
  StatusLine on_screen_;
  bool told_unseen_ = false;  // that searches do not look at all photos of a folder
};

}  // namespace lookalike

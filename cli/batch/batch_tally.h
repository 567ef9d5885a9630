// What a run over many images has come to so far: how many images, found and failed, what it cost, what was saved by
// sharing, and the exit status that all of it means.
// Threads: one at a time.
// Tested by tests/cli/batch/batch_tally_test.cc
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "cli/batch/json_lines_file.h"
#include "cli/console/exit_code.h"
#include "cli/query/image_search.h"

namespace lookalike {

class BatchTally {
 public:
  explicit BatchTally(int64_t images) : images_(images) {}

  // An image that was searched for now.
  void add(const Searched& searched);
  // One that an earlier run of --resume had done.
  void add(Earlier earlier);
  // One whose search was cut short and is to be done again: its cost counts, its results do not.
  void add_cut(const Searched& searched);

  int64_t images() const { return images_; }
  int64_t done() const { return found_ + nothing_found_ + failed_; }
  int64_t searched() const { return searched_; }
  int64_t calls() const { return calls_; }

  // 130 > 3 > 4 > 7 > 8; else found when anything was, or when there was nothing to do.
  ExitCode exit() const;

  struct Pace {
    std::chrono::milliseconds elapsed{0};
    std::optional<int64_t> calls_left;  // of the hour's budget or of the run's
    int calls_per_hour = 0;             // 0: no limit
  };
  // "120/5000 images, 110 found, 2 failed, 3400 calls left, 2 h 5 min left".
  std::string progress(const Pace& pace) const;
  // How long the rest will take at the rate so far, and no faster than the budget allows.
  std::optional<std::chrono::milliseconds> time_left(const Pace& pace) const;
  // The last line of a run.
  std::string summary(std::chrono::milliseconds elapsed) const;

 private:
  void add_cost(const Searched& searched);

  int64_t images_;
  int64_t found_ = 0;
  int64_t nothing_found_ = 0;
  int64_t failed_ = 0;
  int64_t earlier_ = 0;
  int64_t searched_ = 0;
  int64_t calls_ = 0;
  int64_t downloads_ = 0;
  int64_t calls_saved_ = 0;
  int64_t downloads_saved_ = 0;
  std::set<ExitCode> exits_;
};

}  // namespace lookalike

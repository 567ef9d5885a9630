// One line on standard error that tells how the search goes; only on a terminal, and gone when the search is over.
// While the search waits for a rate it counts down, on a thread of its own, since nothing else happens then.
// Threads: one; the engine's.
// Tested by tests/cli/output/progress_test.cc
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "cli/console/terminal.h"
#include "cli/console/wait_notice.h"
#include "core/search/session/search_session.h"

namespace lookalike {

class ProgressLine {
 public:
  struct Settings {
    bool wanted = true;                       // else nothing is shown
    std::string query;                        // what is searched for
    std::string own_score;                    // what --score names; empty: photos are shown with their likeness
    int max_images = 0;                       // that are looked at at most
    bool every_photo = false;                 // exactly so many: then the rate and the time left are told
    std::shared_ptr<WaitNotice> notice = {};  // what is waited for; may be null
  };

  ProgressLine(const Terminal& err, Settings settings);
  ~ProgressLine() { clear(); }

  void update(const SearchSession& session);
  // Before anything else is written to the terminal, and for good: nothing is shown after it.
  void clear();

 private:
  std::string described(const SearchSession& session, std::chrono::steady_clock::time_point now);
  void count_down(std::stop_token over);

  const Settings settings_;
  const bool shown_;
  std::mutex mutex_;  // guards what follows
  StatusLine on_screen_;
  std::string line_;  // without a countdown
  std::chrono::steady_clock::time_point last_{};
  bool started_ = false;
  std::chrono::steady_clock::time_point first_{};  // when the first photos had been looked at
  int looked_at_first_ = 0;
  std::jthread counting_;  // last: it uses all of the above
};

// "312/2000 photos, 220 a second, 8 s left"; without the rate while it is not known.
std::string pace_text(int looked, int of, std::chrono::milliseconds elapsed, int looked_meanwhile);

}  // namespace lookalike

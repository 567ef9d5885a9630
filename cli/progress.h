// One line on standard error that tells how the search goes; only on a terminal, and gone when the search is over.
// While the search waits for a rate it counts down, on a thread of its own, since nothing else happens then.
// Threads: one; the engine's.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "cli/search_patience.h"
#include "cli/terminal.h"
#include "core/search/search_session.h"

namespace lookalike {

class ProgressLine {
 public:
  // `notice`: what is waited for; may be null.
  ProgressLine(const Terminal& terminal, bool wanted, std::shared_ptr<WaitNotice> notice = {});
  ~ProgressLine() { clear(); }

  void update(const SearchSession& session, const std::string& query, int max_images);
  // Before anything else is written to the terminal, and for good: nothing is shown after it.
  void clear();

 private:
  void count_down(std::stop_token over);
  void show(const std::string& line);

  Terminal terminal_;
  bool shown_;
  std::shared_ptr<WaitNotice> notice_;
  std::mutex mutex_;  // guards what follows
  bool on_screen_ = false;
  std::string line_;  // without a countdown
  std::chrono::steady_clock::time_point last_{};
  std::jthread counting_;  // last: it uses all of the above
};

}  // namespace lookalike

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

#include "cli/output/terminal.h"
#include "cli/wiring/search_patience.h"
#include "cli/wiring/search_plan.h"
#include "core/search/session/search_session.h"

namespace lookalike {

class ProgressLine {
 public:
  // `own_score`: what --score names; empty: photos are shown with their likeness. `notice`: what is waited for; may be
  // null.
  ProgressLine(const Terminal& terminal, bool wanted, std::string own_score, std::shared_ptr<WaitNotice> notice = {});
  ~ProgressLine() { clear(); }

  // A search of every photo tells its rate and the time left.
  void update(const SearchSession& session, const std::string& query, const SearchPlan& plan);
  // Before anything else is written to the terminal, and for good: nothing is shown after it.
  void clear();

 private:
  void count_down(std::stop_token over);
  void show(const std::string& line);

  Terminal terminal_;
  bool shown_;
  std::string own_score_;
  std::shared_ptr<WaitNotice> notice_;
  std::mutex mutex_;  // guards what follows
  bool on_screen_ = false;
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

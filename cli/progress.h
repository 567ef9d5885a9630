// One line on standard error that tells how the search goes; only on a terminal, and gone when the search is over.
// Threads: one; the engine's.
// Tested by tests/cli/progress_test.cc
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "cli/search_plan.h"
#include "cli/terminal.h"
#include "core/search/search_session.h"

namespace lookalike {

class ProgressLine {
 public:
  // `own_score`: what --score names; empty: photos are shown with their likeness.
  ProgressLine(const Terminal& terminal, bool wanted, std::string own_score)
      : terminal_(terminal), shown_(wanted && terminal.is_terminal), own_score_(std::move(own_score)) {}
  ~ProgressLine() { clear(); }

  // A search of every photo tells its rate and the time left.
  void update(const SearchSession& session, const std::string& query, const SearchPlan& plan);
  // Before anything else is written to the terminal.
  void clear();

 private:
  Terminal terminal_;
  bool shown_;
  std::string own_score_;
  bool on_screen_ = false;
  std::chrono::steady_clock::time_point last_{};
  bool started_ = false;
  std::chrono::steady_clock::time_point first_{};  // when the first photos had been looked at
  int looked_at_first_ = 0;
};

// "312/2000 photos, 220 a second, 8 s left"; without the rate while it is not known.
std::string pace_text(int looked, int of, std::chrono::milliseconds elapsed, int looked_meanwhile);

}  // namespace lookalike

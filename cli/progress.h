// One line on standard error that tells how the search goes; only on a terminal, and gone when the search is over.
// Threads: one; the engine's.
#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "cli/terminal.h"
#include "core/search/search_session.h"

namespace lookalike {

class ProgressLine {
 public:
  // `own_score`: what --score names; empty: photos are shown with their likeness.
  ProgressLine(const Terminal& terminal, bool wanted, std::string own_score)
      : terminal_(terminal), shown_(wanted && terminal.is_terminal), own_score_(std::move(own_score)) {}
  ~ProgressLine() { clear(); }

  void update(const SearchSession& session, const std::string& query, int max_images);
  // Before anything else is written to the terminal.
  void clear();

 private:
  Terminal terminal_;
  bool shown_;
  std::string own_score_;
  bool on_screen_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace lookalike

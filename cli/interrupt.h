// Ctrl-C and SIGTERM as a stop token: the search ends and prints what it found. A second Ctrl-C ends at once.
// Threads: construct on the main thread before this program starts any other, so that all inherit the blocked signals;
// those that libraries started before main() hand on what they get. One at a time.
// Tested by tests/cli/command_score_program_test.cc, where such a library is loaded
#pragma once

#include <stop_token>
#include <thread>

namespace lookalike {

class InterruptListener {
 public:
  InterruptListener();
  ~InterruptListener();
  InterruptListener(const InterruptListener&) = delete;
  InterruptListener& operator=(const InterruptListener&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  void listen();

  std::stop_source source_;
  std::thread thread_;
};

}  // namespace lookalike

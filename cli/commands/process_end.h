// What ends the program before its command is done.
// A signal (interrupt.cc): Ctrl-C and SIGTERM are a stop token, so that the search ends and prints what it found. A
// second Ctrl-C ends at once, and so does the first while there is nothing yet to print.
// Want of memory, threads or descriptors where nothing can be done without (last_resort.cc): a message that says so,
// and an exit status of its own. Never an abort.
// Tested by tests/cli/commands/last_resort_test.cc, command_input_test.cc, command_resources_test.cc, and by
// command_score_program_test.cc, where a library has threads before main()
#pragma once

#include <atomic>
#include <exception>
#include <stop_token>
#include <string>
#include <thread>

namespace lookalike {

// For main(): until there is a listener, a signal ends the program with exit status 130, also where SIGINT was ignored,
// as it is for what a shell script starts in the background.
void end_on_interrupt();

// Threads: construct on the main thread before this program starts any other, so that all inherit the blocked signals;
// those that libraries started before main() hand on what they get. One at a time.
class InterruptListener {
 public:
  InterruptListener();
  ~InterruptListener();
  InterruptListener(const InterruptListener&) = delete;
  InterruptListener& operator=(const InterruptListener&) = delete;

  std::stop_token token() const { return source_.get_token(); }

  // While on, a signal ends the program with exit status 130 at once, whatever it waits for: a file, a lock, a network
  // that loads. For as long as nothing can have been found, and no program of the user's runs. Off at first.
  void end_at_once(bool on) { at_once_ = on; }

 private:
  void listen();

  std::stop_source source_;
  std::atomic<bool> at_once_ = false;
  std::thread thread_;
};

// For main(): from now on an exception that no thread catches ends the program so.
void install_last_resort();

// "the system allows no more threads or processes …": what happened, and what to do next.
std::string last_resort_message(const std::exception& error);

}  // namespace lookalike

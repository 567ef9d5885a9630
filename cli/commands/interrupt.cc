#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <system_error>

#include "cli/commands/process_end.h"
#include "cli/console/exit_code.h"

namespace lookalike {
namespace {

// SIGUSR1 is how the destructor wakes the listener.
sigset_t listened_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGUSR1);
  return signals;
}

// Who listens, for a handler, which can be told nothing. Valid while the handlers are set.
std::atomic<pthread_t> listener_thread;
static_assert(std::atomic<pthread_t>::is_always_lock_free);

// Threads that a library started before main() (OpenBLAS does, behind OpenCV) block no signals, and the first one that
// does not block a signal gets it.
void hand_on(int signal_number) {
  pthread_kill(listener_thread, signal_number);
}

void end_at_once(int) {
  _exit(static_cast<int>(ExitCode::interrupted));
}

void handle_interrupts(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

void end_on_interrupt() {
  handle_interrupts(end_at_once);
}

InterruptListener::InterruptListener() {
  signal(SIGPIPE, SIG_IGN);  // a closed pipe shows as a failed write
  const sigset_t signals = listened_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  try {
    thread_ = std::thread([this] { listen(); });
  } catch (const std::system_error&) {  // no thread to be had: then a signal ends the program at once
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    return;
  }
  listener_thread = thread_.native_handle();
  handle_interrupts(hand_on);
}

InterruptListener::~InterruptListener() {
  if (!thread_.joinable()) return;
  end_on_interrupt();
  pthread_kill(thread_.native_handle(), SIGUSR1);
  thread_.join();
}

void InterruptListener::listen() {
  const sigset_t signals = listened_signals();
  while (true) {
    int signal_number = 0;
    if (sigwait(&signals, &signal_number) != 0 || signal_number == SIGUSR1) return;
    if (at_once_ || source_.stop_requested()) _exit(static_cast<int>(ExitCode::interrupted));
    source_.request_stop();
  }
}

}  // namespace lookalike

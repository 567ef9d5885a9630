#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "cli/exit_code.h"

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

}  // namespace

InterruptListener::InterruptListener() {
  signal(SIGPIPE, SIG_IGN);  // a closed pipe shows as a failed write
  const sigset_t signals = listened_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this] { listen(); });
}

InterruptListener::~InterruptListener() {
  pthread_kill(thread_.native_handle(), SIGUSR1);
  thread_.join();
}

void InterruptListener::listen() {
  const sigset_t signals = listened_signals();
  while (true) {
    int signal_number = 0;
    if (sigwait(&signals, &signal_number) != 0 || signal_number == SIGUSR1) return;
    if (source_.stop_requested()) _exit(static_cast<int>(ExitCode::interrupted));
    source_.request_stop();
  }
}

}  // namespace lookalike

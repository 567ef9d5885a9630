// How a user learns that a run waits for a rate, a budget or a host that rests.
// Threads: any.
// Tested by tests/cli/console/wait_notice_test.cc
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/base/log.h"
#include "core/base/patience.h"

namespace lookalike {

// Says what a run waits for: by a line in the log, once for each wait, or, where there is a progress line, in that.
class WaitNotice {
 public:
  using TimePoint = Patience::TimePoint;

  // `log` may be empty. `shows_countdown`: the progress line asks for countdown().
  WaitNotice(LogSink log, bool shows_countdown) : log_(std::move(log)), shows_countdown_(shows_countdown) {}

  void waiting(TimePoint now, const Delay& delay);
  // "waiting 54 s: Openverse allows 20 calls in 1 min, …"; nothing when nobody has waited lately.
  std::optional<std::string> countdown(TimePoint now);

 private:
  const LogSink log_;
  const bool shows_countdown_;
  std::mutex mutex_;  // guards what follows
  std::string reason_;
  TimePoint until_{};
  TimePoint asked_{};
  TimePoint::duration last_wait_{};
  std::map<std::string, TimePoint> said_;  // reasons, and when they were logged last
};

}  // namespace lookalike

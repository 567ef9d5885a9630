// How long searches wait for rates, budgets and hosts that rest, and how a user learns of it.
// With one query image a search that has results does not wait, it ends; one that has nothing yet waits up to a minute.
// Several images wait as long as it takes. --on-quota decides otherwise, --time-limit ends every wait.
// Threads: any.
// Tested by tests/cli/wiring/search_patience_test.cc
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

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

enum class WaitMode {
  brief,  // up to a minute, and only while there is nothing to show
  wait,
  stop,
};

class SearchPatience final : public Patience {
 public:
  struct Settings {
    WaitMode mode = WaitMode::brief;
    std::optional<TimePoint> deadline;        // of the search: what would be over later is not waited for
    std::chrono::seconds longest{86'400};     // of one wait
    std::shared_ptr<WaitNotice> notice = {};  // may be null
  };

  explicit SearchPatience(Settings settings) : settings_(std::move(settings)) {}

  std::optional<std::chrono::milliseconds> wait(TimePoint now, const Delay& delay) override;
  // From now on the search has something to show.
  void has_results();

 private:
  bool allows(TimePoint now, TimePoint until);

  const Settings settings_;
  std::mutex mutex_;  // guards what follows
  bool has_results_ = false;
  std::optional<TimePoint> first_wait_;
};

}  // namespace lookalike

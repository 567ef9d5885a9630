// How long searches wait for rates, budgets and hosts that rest.
// With one query image a search that has results does not wait, it ends; one that has nothing yet waits up to a minute.
// Several images wait as long as it takes. --on-quota decides otherwise, --time-limit ends every wait.
// Threads: any.
// Tested by tests/cli/wiring/search_patience_test.cc
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "cli/console/wait_notice.h"
#include "core/base/patience.h"

namespace lookalike {

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

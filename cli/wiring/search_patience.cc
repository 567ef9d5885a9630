#include "cli/wiring/search_patience.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kBriefWait{60};
// Whoever waits asks again so often: results may have come, and then it is over.
constexpr milliseconds kBriefNap{250};

}  // namespace

bool SearchPatience::allows(TimePoint now, TimePoint until) {
  if (settings_.deadline && until > *settings_.deadline) return false;
  if (until - now > settings_.longest) return false;
  if (settings_.mode != WaitMode::brief) return settings_.mode == WaitMode::wait;
  const std::lock_guard lock(mutex_);
  if (has_results_) return false;
  if (!first_wait_) first_wait_ = now;
  return until <= *first_wait_ + kBriefWait + kPace;
}

std::optional<milliseconds> SearchPatience::wait(TimePoint now, const Delay& delay) {
  if (!allows(now, delay.until)) return std::nullopt;
  if (settings_.notice) settings_.notice->waiting(now, delay);
  return settings_.mode == WaitMode::brief ? kBriefNap : std::chrono::ceil<milliseconds>(delay.until - now);
}

void SearchPatience::has_results() {
  const std::lock_guard lock(mutex_);
  has_results_ = true;
}

}  // namespace lookalike

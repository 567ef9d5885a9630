#include "core/quota/hourly_quota.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Others hold the ledger for fractions of a millisecond; one who was stopped in the middle must not stop us for ever.
constexpr milliseconds kBusyRetry{20};
constexpr seconds kBusyPatience{10};
constexpr milliseconds kRemoteRetry{2};
constexpr milliseconds kRemoteFailureRetry{500};
constexpr seconds kRemotePatience{30};

}  // namespace

HourlyQuota::HourlyQuota(Settings settings, const Clock& clock, LogSink log)
    : settings_(std::move(settings)), clock_(clock), log_(std::move(log)) {
  if (settings_.remote) remote_ = std::make_unique<LedgerThread>(settings_.remote, settings_.account, settings_.limit);
}

void HourlyQuota::prepare() {
  if (remote_) return (void)remote_->use();
  const std::lock_guard lock(mutex_);
  (void)open_ledger();
}

Admission HourlyQuota::admit() {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  return remote_ ? admit_remotely(now) : admit_locally(now);
}

Admission HourlyQuota::admit_remotely(TimePoint now) {
  const auto taken = remote_->take();
  if (!taken) return {.wait = kRemoteRetry};
  if (!taken->ok()) return remote_failed(taken->error(), now);
  remote_failing_since_.reset();
  CallAttempt attempt = **taken;
  // A server may have lost its memory; this process has not.
  if (attempt.counted) {
    const int64_t receipt = attempt.receipt;
    attempt = take_from_window(now);
    attempt.receipt = receipt;
  }
  return attempt.counted ? counted(attempt, now) : held_back(attempt);
}

Admission HourlyQuota::remote_failed(const Error& error, TimePoint now) {
  if (!remote_failing_since_) {
    remote_failing_since_ = now;
    if (log_) log_(LogLevel::warning, error.message + "; no call is made without it: trying again");
  }
  if (now - *remote_failing_since_ < kRemotePatience) return {.wait = kRemoteFailureRetry};
  return {.refusal = Error{ErrorCode::quota, error.message + "; no call is made without it: see that it runs"}};
}

Admission HourlyQuota::admit_locally(TimePoint now) {
  CallAttempt attempt;
  if (!ledger_given_up_) {
    const auto taken = take_from_ledger();
    if (taken.ok()) {
      busy_since_.reset();
      attempt = *taken;
    } else if (taken.error().code == ErrorCode::interrupted) {
      if (const auto again = busy(now)) return *again;
      give_up_ledger(taken.error());
    } else {
      give_up_ledger(taken.error());
    }
  }
  if (ledger_given_up_) attempt = take_from_window(now);
  return attempt.counted ? counted(attempt, now) : held_back(attempt);
}

Status HourlyQuota::open_ledger() {
  if (ledger_) return {};
  if (settings_.ledger.empty()) return Error{ErrorCode::not_found, "no home directory is known: set HOME"};
  auto ledger = CallLedger::open(settings_.ledger, clock_);
  if (!ledger) return ledger.error();
  ledger_.emplace(*std::move(ledger));
  return {};
}

Result<CallAttempt> HourlyQuota::take_from_ledger() {
  if (Status opened = open_ledger(); !opened) return opened.error();
  return ledger_->take(settings_.account, settings_.limit);
}

CallAttempt HourlyQuota::take_from_window(TimePoint now) {
  const auto wait = settings_.limit > 0 ? own_calls_.wait(now, settings_.limit) : CallWindow::Duration::zero();
  const bool free = wait <= CallWindow::Duration::zero();
  return {.counted = free, .used = own_calls_.used(now), .wait = std::chrono::ceil<milliseconds>(wait)};
}

std::optional<Admission> HourlyQuota::busy(TimePoint now) {
  if (!busy_since_) busy_since_ = now;
  if (now - *busy_since_ >= kBusyPatience) return std::nullopt;
  return Admission{.wait = kBusyRetry};
}

void HourlyQuota::give_up_ledger(const Error& error) {
  ledger_given_up_ = true;
  ledger_.reset();
  // Without a limit of our own the count serves others only.
  if (!log_ || settings_.limit == 0) return;
  const std::string next = error.code == ErrorCode::bad_data ? "; remove that file to begin a new one" : "";
  log_(LogLevel::warning,
       fmt::format("{}'s hourly budget cannot be shared with other processes: {}: {}; only the calls of this one are "
                   "counted{}",
                   settings_.service, settings_.ledger.string(), error.message, next));
}

Admission HourlyQuota::held_back(const CallAttempt& attempt) const {
  return {.wait = std::max(attempt.wait, milliseconds(1)),
          .reason = fmt::format("{}'s hourly budget is used up ({} of {} calls)", settings_.service, attempt.used,
                                settings_.limit)};
}

Admission HourlyQuota::counted(const CallAttempt& attempt, TimePoint now) {
  own_calls_.record(now);
  return {.take_back = [this, receipt = attempt.receipt, now] { take_back(receipt, now); }};
}

void HourlyQuota::take_back(int64_t receipt, TimePoint recorded) {
  const std::lock_guard lock(mutex_);
  own_calls_.take_back(recorded);
  if (receipt == 0) return;
  // Where that fails the call stays counted, which is on the safe side.
  if (remote_) return remote_->give_back(receipt);
  if (ledger_) (void)ledger_->give_back(settings_.account, receipt);
}

Result<CallUse> HourlyQuota::use() {
  if (remote_) return remote_->use();
  const std::lock_guard lock(mutex_);
  if (Status opened = open_ledger(); !opened) return opened.error();
  return ledger_->use(settings_.account);
}

}  // namespace lookalike

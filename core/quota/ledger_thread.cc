#include "core/quota/ledger_thread.h"

#include <utility>

namespace lookalike {
namespace {

constexpr std::chrono::seconds kFresh{1};

}  // namespace

LedgerThread::LedgerThread(std::shared_ptr<SharedLedger> ledger, std::string account, int limit)
    : ledger_(std::move(ledger)), account_(std::move(account)), limit_(limit), thread_([this] { work(); }) {}

LedgerThread::~LedgerThread() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::optional<Result<CallAttempt>> LedgerThread::take() {
  const std::lock_guard lock(mutex_);
  if (answer_) {
    auto answer = std::exchange(answer_, std::nullopt);
    const bool counted = answer->ok() && (*answer)->counted;
    const bool stale = std::chrono::steady_clock::now() - answered_at_ >= kFresh;
    if (!counted || !stale) return answer;
  }
  if (!wanted_) {
    wanted_ = true;
    changed_.notify_one();
  }
  return std::nullopt;
}

void LedgerThread::give_back(int64_t receipt) {
  const std::lock_guard lock(mutex_);
  returned_.push_back(receipt);
  changed_.notify_one();
}

Result<CallUse> LedgerThread::use() {
  const std::lock_guard lock(ledger_mutex_);
  return ledger_->use(account_);
}

void LedgerThread::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || wanted_ || !returned_.empty(); });
    if (closing_) return;
    const auto returned = std::exchange(returned_, {});
    const bool asked = wanted_;
    lock.unlock();
    auto answer = [&]() -> std::optional<Result<CallAttempt>> {
      const std::lock_guard asking(ledger_mutex_);
      // One that cannot be told keeps a call counted for an hour: on the safe side.
      for (const int64_t receipt : returned)
        (void)ledger_->give_back(account_, receipt);
      return asked ? std::optional(ledger_->take(account_, limit_)) : std::nullopt;
    }();
    lock.lock();
    if (!answer) continue;
    answer_ = std::move(answer);
    answered_at_ = std::chrono::steady_clock::now();
    wanted_ = false;
  }
}

}  // namespace lookalike

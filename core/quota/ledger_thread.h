// Asks a ledger that may be slow, or far away, on a thread of its own, for a gate that must not wait (call_gate.h).
// take() begins to ask and says "not yet" until the answer is here; whoever asks next gets it. Calls that were counted
// for somebody who went away are not used later than a second after: redis_ledger.h relies on that.
// Threads: any. The destructor waits for the question under way.
// Tested by tests/core/quota/ledger_thread_test.cc
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/result.h"
#include "core/quota/shared_ledger.h"

namespace lookalike {

class LedgerThread {
 public:
  LedgerThread(std::shared_ptr<SharedLedger> ledger, std::string account, int limit);
  ~LedgerThread();
  LedgerThread(const LedgerThread&) = delete;
  LedgerThread& operator=(const LedgerThread&) = delete;

  // Nothing: ask again in a millisecond or two.
  std::optional<Result<CallAttempt>> take();
  // A counted call was not made; the ledger is told when it has time.
  void give_back(int64_t receipt);
  // Waits for the ledger. Errors: the ledger's.
  Result<CallUse> use();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  void work();

  const std::shared_ptr<SharedLedger> ledger_;
  const std::string account_;
  const int limit_;
  std::mutex ledger_mutex_;  // the ledger itself; held while it is asked
  std::mutex mutex_;         // guards what follows
  std::condition_variable changed_;
  bool wanted_ = false;
  std::vector<int64_t> returned_;  // receipts
  bool closing_ = false;
  std::optional<Result<CallAttempt>> answer_;
  TimePoint answered_at_{};
  std::thread thread_;
};

}  // namespace lookalike

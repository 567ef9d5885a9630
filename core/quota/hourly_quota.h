// Holds one account's calls to so many an hour, over all processes of the user (call_ledger.h).
// Where the ledger cannot be used (no folder, read-only, full disk, damaged), that is said once, and this process's own
// calls are held to the limit. How long a call would have to wait is in the admission: whether it waits is for whoever
// asks to say (core/base/patience.h), since searches with different time limits share this.
// A ledger that many machines share is asked on a thread of its own; while it cannot be reached nothing is sent, since
// others may have used the budget up: that is said, and after half a minute refused.
// Nothing is opened before prepare() or the first call.
// Threads: any.
// Tested by tests/core/quota/hourly_quota_test.cc
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/http/call_gate.h"
#include "core/quota/call_ledger.h"
#include "core/quota/call_window.h"
#include "core/quota/ledger_thread.h"

namespace lookalike {

class HourlyQuota final : public CallGate {
 public:
  struct Settings {
    std::string service;           // "Flickr", for messages
    std::string account;           // whose calls these are: the source and its key; secret
    int limit = 0;                 // calls an hour; 0: none, they are only counted for other processes to know
    std::filesystem::path ledger;  // the file; empty: no place is known
    std::shared_ptr<SharedLedger> remote = nullptr;  // instead of the file, when set
  };

  // `clock` is borrowed.
  HourlyQuota(Settings settings, const Clock& clock, LogSink log);

  // Opens the ledger, which takes some 40 ms when its file is new: more than the client's thread should spend on it.
  // What fails here is tried again, and said, at the first call.
  void prepare();
  Admission admit() override;
  int limit() const { return settings_.limit; }
  // Errors: why the ledger cannot be used.
  Result<CallUse> use();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  Admission admit_locally(TimePoint now);
  Admission admit_remotely(TimePoint now);
  Admission remote_failed(const Error& error, TimePoint now);
  Result<CallAttempt> take_from_ledger();
  CallAttempt take_from_window(TimePoint now);
  Status open_ledger();
  std::optional<Admission> busy(TimePoint now);
  void give_up_ledger(const Error& error);
  Admission held_back(const CallAttempt& attempt) const;
  Admission counted(const CallAttempt& attempt, TimePoint now);
  void take_back(int64_t receipt, TimePoint recorded);

  const Settings settings_;
  const Clock& clock_;
  const LogSink log_;

  std::unique_ptr<LedgerThread> remote_;  // null: the ledger is the file

  std::mutex mutex_;  // guards what follows
  std::optional<TimePoint> remote_failing_since_;
  std::optional<CallLedger> ledger_;
  bool ledger_given_up_ = false;
  std::optional<TimePoint> busy_since_;
  CallWindow own_calls_{kCallWindow};
};

}  // namespace lookalike

// The calls that all of a user's processes have made for one account in the last hour, in a file that they share.
// Exact: a call is looked up and written down in one transaction, under the time that is read inside of it, so at no
// moment do more than the limit lie in the window; a killed process leaves what it has written and holds nothing up.
// Time is the wall clock's, which outlives a restart. When it was set back, calls seem to lie in the future: they are
// dated to now, which keeps them for too long rather than too short a time, and for an hour at most.
// Accounts stand in the file as salted hashes; the salt is random and the file's own.
// Cost: about 0.1 ms a call. Memory: 30 bytes of the file for each call of the last hour.
// Threads: one at a time.
// Tested by tests/core/quota/call_ledger_test.cc and, over processes, tests/command/command_quota_test.cc
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/files/sqlite.h"
#include "core/base/result.h"
#include "core/quota/shared_ledger.h"

namespace lookalike {

class CallLedger final : public SharedLedger {
 public:
  // Errors, of all functions: as sqlite.h has them; `interrupted` means: busy, ask again.
  static Result<CallLedger> open(const std::filesystem::path& file, const Clock& clock);

  Result<CallAttempt> take(std::string_view account, int limit) override;
  Result<CallUse> use(std::string_view account) override;
  Status give_back(std::string_view account, int64_t receipt) override;

 private:
  CallLedger(Database database, const Clock& clock) : database_(std::move(database)), clock_(&clock) {}

  Status learn_salt();
  Result<int64_t> id_of(std::string_view account);
  Result<int64_t> tidy(int64_t id);
  Result<int64_t> count(int64_t id);
  Result<int64_t> nth_oldest(int64_t id, int64_t n);
  Result<int64_t> write_down(int64_t id, int64_t now);

  Database database_;
  const Clock* clock_;
  std::string salt_;
};

}  // namespace lookalike

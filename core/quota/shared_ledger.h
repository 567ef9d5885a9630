// Where the calls of one account in the last hour are written down for all who share its budget: the user's processes
// (call_ledger.h), or many machines (redis_ledger.h). A call is looked up and written down as one step, so at no moment
// do more than the limit lie in the window, and a worker that dies leaves what it has written.
// Threads: one at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

inline constexpr std::chrono::seconds kCallWindow{3600};

// What stands in the ledger of one account.
struct CallUse {
  int used = 0;                            // calls in the last hour
  std::chrono::milliseconds next_free{0};  // until one of them leaves it; 0: none is there
  std::chrono::milliseconds all_free{0};   // until all have
};

struct CallAttempt {
  bool counted = false;            // the call may be made, and is written down
  int used = 0;                    // with this one
  std::chrono::milliseconds wait;  // not counted: until one is free
  int64_t receipt = 0;             // counted: names the call, for give_back()
};

class SharedLedger {
 public:
  virtual ~SharedLedger() = default;
  // `account` is a secret; it is stored only as a salted hash. `limit` 0: none, the call is only counted.
  virtual Result<CallAttempt> take(std::string_view account, int limit) = 0;
  virtual Result<CallUse> use(std::string_view account) = 0;
  // The counted call of that receipt was not made after all.
  virtual Status give_back(std::string_view account, int64_t receipt) = 0;
};

}  // namespace lookalike

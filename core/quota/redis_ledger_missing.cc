// Instead of redis_ledger.cc where hiredis is not installed.
#include "core/quota/redis_ledger.h"

namespace lookalike {

Result<std::unique_ptr<SharedLedger>> open_redis_ledger(const RedisAddress&) {
  return Error{ErrorCode::usage, "this lookalike was built without Redis: install libhiredis-dev and build it again"};
}

}  // namespace lookalike

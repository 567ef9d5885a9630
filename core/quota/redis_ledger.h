// The calls of the last hour in a Redis server, for machines that share one key's budget.
// Exact: a Lua script looks and writes in one step under the server's own clock, so machines whose clocks differ agree.
// A call leaves the window four seconds late, because it may be sent up to three after it was written down.
// A script whose answer was lost on the way has counted a call that nobody makes: too few, never too many.
// The account stands in the server as a salted hash; the salt is random, and the server's own.
// Library: hiredis; without it at build time open_redis_ledger() only explains that.
// Cost: a round trip a call; 60 bytes of the server's memory for each call of the last hour.
// Errors: network (cannot be reached, refused the password, went away).
// Tested by tests/core/quota/redis_ledger_test.cc and, over processes, tests/command/command_redis_test.cc
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/quota/shared_ledger.h"

namespace lookalike {

struct RedisAddress {
  std::string host;
  int port = 6379;
  int database = 0;
  std::string user;
  std::string password;

  // Without the password: "redis.example:6379/2".
  std::string shown() const;
};

// "redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]"; IPv6 addresses in brackets. Errors: usage.
Result<RedisAddress> parse_redis_address(std::string_view text);

// Connects when it is first used, and again after a failure. Errors: usage when this build has no Redis.
Result<std::unique_ptr<SharedLedger>> open_redis_ledger(const RedisAddress& address);

}  // namespace lookalike

#include "core/quota/redis_ledger.h"

#include <hiredis/hiredis.h>
#include <openssl/rand.h>
#include <sys/time.h>

#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "core/base/text/digest.h"
#include "core/base/text/numbers.h"

namespace lookalike {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr timeval kPatience{2, 0};  // to connect, and for each answer
// A call is sent at most three seconds after it was counted (two for the answer, and one as ledger_thread.h has it),
// and must be in the window all the same.
constexpr int64_t kLedgerWindow = (microseconds(kCallWindow) + std::chrono::seconds(4)).count();
constexpr const char* kSaltKey = "lookalike:salt";
constexpr const char* kCallsPrefix = "lookalike:calls:";

// KEYS: the account's calls, the salt. ARGV: the window, the limit (-1: only look), the salt as we know it.
// Answers: counted, used, when the one that has to leave was made (of a counted call its number), the oldest, the
// newest, now; all in microseconds. What lies in the future, after the server's clock was set back, is dated to now. A
// server that has lost its memory is told the salt again, so that all go on under one name.
constexpr const char* kScript = R"(
local known = redis.call('GET', KEYS[2])
if not known then redis.call('SET', KEYS[2], ARGV[3]) elseif known ~= ARGV[3] then return {-1} end
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local window, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local function text(n) return string.format('%.0f', n) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. text(now - window))
for _, call in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. text(now), '+inf')) do
  redis.call('ZADD', KEYS[1], text(now), call)
end
local used = redis.call('ZCARD', KEYS[1])
local function made(place)
  local call = redis.call('ZRANGE', KEYS[1], place, place, 'WITHSCORES')
  return call[2] and text(tonumber(call[2])) or '0'
end
if limit < 0 then return {0, used, '0', made(0), made(-1), text(now)} end
if limit > 0 and used >= limit then return {0, used, made(used - limit), '0', '0', text(now)} end
local number = redis.call('INCR', KEYS[1] .. ':number')
redis.call('ZADD', KEYS[1], text(now), number)
redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000) + 1000)
return {1, used + 1, text(number), '0', '0', text(now)}
)";

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

std::string text_of(const redisReply& reply) {
  return reply.str == nullptr ? std::string() : std::string(reply.str, reply.len);
}

int64_t number_of(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER) return reply.integer;
  const std::string text = text_of(reply);
  return parse_number<int64_t>(text).value_or(0);
}

std::string random_salt() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return "";
  return sha256_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// What the script said.
struct Standing {
  bool counted = false;
  int used = 0;
  int64_t leaving = 0;  // of a counted call: its number
  int64_t oldest = 0;
  int64_t newest = 0;
  int64_t now = 0;

  // Up, so that who waits so long finds the call gone.
  milliseconds until_gone(int64_t made) const {
    return std::chrono::ceil<milliseconds>(microseconds(made + kLedgerWindow + 1 - now));
  }
};

class RedisLedger final : public SharedLedger {
 public:
  explicit RedisLedger(RedisAddress address) : address_(std::move(address)) {}

  Result<CallAttempt> take(std::string_view account, int limit) override {
    const auto standing = ask(account, limit);
    if (!standing.ok()) return standing.error();
    CallAttempt attempt{.counted = standing->counted, .used = standing->used, .wait = milliseconds(0)};
    if (attempt.counted)
      attempt.receipt = standing->leaving;
    else
      attempt.wait = standing->until_gone(standing->leaving);
    return attempt;
  }

  Status give_back(std::string_view account, int64_t receipt) override {
    if (Status connected = connect(); !connected.ok()) return connected;
    const auto reply = command({"ZREM", calls_key(account), std::to_string(receipt)});
    return reply.ok() ? Status{} : reply.error();
  }

  Result<CallUse> use(std::string_view account) override {
    const auto standing = ask(account, -1);
    if (!standing.ok()) return standing.error();
    CallUse use{.used = standing->used};
    if (use.used == 0) return use;
    use.next_free = standing->until_gone(standing->oldest);
    use.all_free = standing->until_gone(standing->newest);
    return use;
  }

 private:
  Error failed(const std::string& why) const {
    return {ErrorCode::network, "the shared budget at redis://" + address_.shown() + ": " + why};
  }

  // A connection that was lost since the last call is made anew, once.
  Result<Standing> ask(std::string_view account, int limit) {
    auto standing = ask_once(account, limit);
    if (!standing.ok()) standing = ask_once(account, limit);
    return standing;
  }

  Result<Standing> ask_once(std::string_view account, int limit) {
    if (Status connected = connect(); !connected.ok()) return connected.error();
    const auto reply = command({"EVAL", kScript, "2", calls_key(account), kSaltKey, std::to_string(kLedgerWindow),
                                std::to_string(limit), salt_});
    if (!reply.ok()) return reply.error();
    const redisReply& answer = **reply;
    if (answer.type == REDIS_REPLY_ARRAY && answer.elements == 6) {
      const auto number = [&answer](size_t i) { return number_of(*answer.element[i]); };
      return Standing{number(0) == 1, static_cast<int>(number(1)), number(2), number(3), number(4), number(5)};
    }
    context_.reset();  // the salt is another by now
    return failed("an answer that cannot be understood; is it a Redis of version 5 or later?");
  }

  std::string calls_key(std::string_view account) const {
    return kCallsPrefix + sha256_hex(salt_ + '\n' + std::string(account));
  }

  Status connect() {
    if (context_) return {};
    context_.reset(redisConnectWithTimeout(address_.host.c_str(), address_.port, kPatience));
    if (!context_) return failed("out of memory");
    if (context_->err != 0) return drop(context_->errstr);
    redisSetTimeout(context_.get(), kPatience);
    if (Status ready = log_in(); !ready.ok()) {
      context_.reset();
      return ready;
    }
    return {};
  }

  Status log_in() {
    if (!address_.password.empty()) {
      std::vector<std::string> words = {"AUTH"};
      if (!address_.user.empty()) words.push_back(address_.user);
      words.push_back(address_.password);
      if (const auto reply = command(words); !reply.ok()) return reply.error();
    }
    if (address_.database != 0) {
      if (const auto reply = command({"SELECT", std::to_string(address_.database)}); !reply.ok()) return reply.error();
    }
    return learn_salt();
  }

  // Whoever comes first chooses it; after a loss of memory that is whoever still knows it.
  Status learn_salt() {
    const std::string proposed = salt_.empty() ? random_salt() : salt_;
    if (proposed.empty()) return failed("no random numbers");
    if (const auto reply = command({"SET", kSaltKey, proposed, "NX"}); !reply.ok()) return reply.error();
    const auto reply = command({"GET", kSaltKey});
    if (!reply.ok()) return reply.error();
    salt_ = text_of(**reply);
    return salt_.empty() ? Status{failed("its salt is missing")} : Status{};
  }

  Result<Reply> command(const std::vector<std::string>& words) {
    std::vector<const char*> texts;
    std::vector<size_t> lengths;
    for (const std::string& word : words) {
      texts.push_back(word.data());
      lengths.push_back(word.size());
    }
    Reply reply(static_cast<redisReply*>(
        redisCommandArgv(context_.get(), static_cast<int>(words.size()), texts.data(), lengths.data())));
    if (!reply) return drop(context_->errstr).error();
    if (reply->type == REDIS_REPLY_ERROR) return drop(text_of(*reply)).error();
    return reply;
  }

  Status drop(const std::string& why) {
    const Error error = failed(why);
    context_.reset();
    return error;
  }

  RedisAddress address_;
  std::string salt_;
  std::unique_ptr<redisContext, FreeContext> context_;
};

}  // namespace

Result<std::unique_ptr<SharedLedger>> open_redis_ledger(const RedisAddress& address) {
  return std::unique_ptr<SharedLedger>(std::make_unique<RedisLedger>(address));
}

}  // namespace lookalike

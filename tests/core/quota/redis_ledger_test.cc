#include "core/quota/redis_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/redis_server.h"

namespace lookalike {
namespace {

using testing::HasSubstr;
using testing::Not;

class RedisLedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_REDIS();
    if (const auto probe = open_redis_ledger({.host = "localhost"}); !probe.ok()) GTEST_SKIP() << probe.error().message;
    server_ = std::make_unique<test::RedisServer>();
  }
  std::unique_ptr<SharedLedger> ledger() const {
    auto opened = open_redis_ledger({.host = "127.0.0.1", .port = server_->port()});
    EXPECT_TRUE(opened.ok());
    return *std::move(opened);
  }
  static int taken(SharedLedger& ledger, int tries, int limit, const char* account = "flickr\nkey") {
    int count = 0;
    for (int i = 0; i < tries; ++i) {
      const auto attempt = ledger.take(account, limit);
      EXPECT_TRUE(attempt.ok()) << attempt.error().message;
      count += attempt.ok() && attempt->counted ? 1 : 0;
    }
    return count;
  }

  std::unique_ptr<test::RedisServer> server_;
};

TEST_F(RedisLedgerTest, HoldsManyWorkersToOneLimit) {
  std::atomic<int> all = 0;
  std::vector<std::jthread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([&] { all += taken(*ledger(), 60, 100); });
  workers.clear();
  EXPECT_EQ(all, 100);
  const auto attempt = ledger()->take("flickr\nkey", 100);
  ASSERT_TRUE(attempt.ok());
  EXPECT_FALSE(attempt->counted);
  EXPECT_EQ(attempt->used, 100);
  EXPECT_GT(attempt->wait, std::chrono::minutes(59));
  EXPECT_LE(attempt->wait, std::chrono::minutes(61));
  EXPECT_EQ(taken(*ledger(), 3, 100, "flickr\nanother"), 3);
}

TEST_F(RedisLedgerTest, SaysWhatIsUsed) {
  const auto one = ledger();
  EXPECT_EQ(one->use("flickr\nkey")->used, 0);
  EXPECT_EQ(taken(*one, 5, 0), 5);
  const auto use = one->use("flickr\nkey");
  ASSERT_TRUE(use.ok()) << use.error().message;
  EXPECT_EQ(use->used, 5);
  EXPECT_GT(use->next_free, std::chrono::minutes(59));
  EXPECT_GE(use->all_free, use->next_free);
}

TEST_F(RedisLedgerTest, TheAccountStandsThereOnlyAsASaltedHash) {
  EXPECT_EQ(taken(*ledger(), 1, 5, "flickr\n0123456789abcdef"), 1);
  const auto keys = test::run_command({"/usr/bin/redis-cli", "-p", std::to_string(server_->port()), "KEYS", "*"});
  EXPECT_THAT(keys.out, HasSubstr("lookalike:calls:"));
  EXPECT_THAT(keys.out, Not(HasSubstr("0123456789abcdef")));
}

// Workers that live on agree on one name for the account, old or new, whoever comes back first.
TEST_F(RedisLedgerTest, AServerThatForgotEverythingIsToldTheSaltAgain) {
  const auto one = ledger();
  const auto two = ledger();
  EXPECT_EQ(taken(*one, 1, 10), 1);
  EXPECT_EQ(taken(*two, 1, 10), 1);
  server_->stop();
  const auto gone = one->take("flickr\nkey", 10);
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, ErrorCode::network);
  EXPECT_THAT(gone.error().message, HasSubstr("redis://127.0.0.1:"));
  server_->start();
  EXPECT_EQ(taken(*two, 6, 10), 6);
  EXPECT_EQ(taken(*one, 6, 10), 4);
}

TEST_F(RedisLedgerTest, AWrongPasswordIsSaidWithoutIt) {
  auto ledger = open_redis_ledger({.host = "127.0.0.1", .port = server_->port(), .password = "open sesame"});
  ASSERT_TRUE(ledger.ok());
  const auto attempt = (*ledger)->take("flickr\nkey", 10);
  ASSERT_FALSE(attempt.ok());
  EXPECT_THAT(attempt.error().message, Not(HasSubstr("sesame")));
}

}  // namespace
}  // namespace lookalike

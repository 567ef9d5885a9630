// One budget for many workers, in a Redis server.
#include <gmock/gmock.h>

#include "tests/command/batch_fixture.h"
#include "tests/support/redis_server.h"

namespace lookalike::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

class CommandRedisTest : public BatchTest {
 protected:
  void SetUp() override {
    SKIP_WITHOUT_REDIS();
    BatchTest::SetUp();
    server_ = std::make_unique<RedisServer>();
    const CommandResult probe = run(worker("--dry-run"));
    if (probe.err.find("built without Redis") != std::string::npos) GTEST_SKIP() << probe.err;
  }
  // On a machine of its own: nothing but Redis is shared.
  std::vector<std::string> worker(const std::string& mode) const {
    return batch({queries()}, {"--hourly-calls", "20", "--quota", server_->address(), "--strategy", "random",
                               "--max-images", "36", "--format", "jsonl", mode});
  }

  std::unique_ptr<RedisServer> server_;
};

TEST_F(CommandRedisTest, WorkersShareOneBudgetExactlyAlsoWhenOneDies) {
  std::vector<std::unique_ptr<RunningCommand>> workers;
  for (int i = 0; i < 4; ++i) {
    CommandOptions own = options();
    own.environment["XDG_STATE_HOME"] = (folder_.path() / ("machine" + std::to_string(i))).string();
    workers.push_back(std::make_unique<RunningCommand>(command(worker("--on-quota=stop")), own));
  }
  for (int i = 0; i < 2000 && service_->counts().api_calls < 5; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  workers[0]->signal(SIGKILL);
  (void)workers[0]->wait();
  for (int i = 1; i < 4; ++i)
    EXPECT_THAT(workers[static_cast<size_t>(i)]->wait().exit, AnyOf(0, 4));  // 0: done before the budget was
  EXPECT_LE(service_->counts().api_calls, 20);
  EXPECT_GE(service_->counts().api_calls, 17);  // the killed one may have had calls in hand that it never made
}

TEST_F(CommandRedisTest, WithoutTheServerNothingIsSent) {
  server_->stop();
  RunningCommand running(command(worker("--on-quota=wait")), options());
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  running.signal(SIGINT);
  const CommandResult result = running.wait();
  EXPECT_EQ(result.exit, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("no call is made without it"));
  EXPECT_EQ(service_->counts().api_calls, 0);
}

TEST_F(CommandRedisTest, AWrongAddressIsSaid) {
  EXPECT_EQ(run(batch({queries()}, {"--quota", "memcached://x"})).exit, 2);
}

}  // namespace
}  // namespace lookalike::test

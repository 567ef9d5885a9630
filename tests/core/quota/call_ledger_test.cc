#include "core/quota/call_ledger.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "core/base/random.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr const char* kAccount = "flickr 0123456789abcdef0123456789abcdef";

class CallLedgerTest : public testing::Test {
 protected:
  CallLedger open() {
    auto ledger = CallLedger::open(file(), clock_);
    if (!ledger.ok()) throw std::runtime_error(ledger.error().message);
    return *std::move(ledger);
  }
  static CallAttempt take(CallLedger& ledger, int limit, const char* account = kAccount) {
    const auto attempt = ledger.take(account, limit);
    if (!attempt.ok()) throw std::runtime_error(attempt.error().message);
    return *attempt;
  }
  // How many of `tries` were counted.
  static int taken(CallLedger& ledger, int tries, int limit) {
    int counted = 0;
    for (int i = 0; i < tries; ++i)
      counted += take(ledger, limit).counted ? 1 : 0;
    return counted;
  }
  std::filesystem::path file() const { return folder_.path() / "calls.db"; }

  test::TemporaryFolder folder_;
  test::FakeClock clock_;
};

TEST_F(CallLedgerTest, ACallThatWasNotMadeIsGivenBackAndNoOther) {
  CallLedger ledger = open();
  const int64_t first = take(ledger, 2).receipt;
  clock_.advance(10s);
  const int64_t second = take(ledger, 2).receipt;
  EXPECT_NE(first, second);
  EXPECT_FALSE(take(ledger, 2).counted);
  ASSERT_TRUE(ledger.give_back("another account", second).ok());
  EXPECT_FALSE(take(ledger, 2).counted) << "a receipt is its own account's";
  ASSERT_TRUE(ledger.give_back(kAccount, first).ok());
  EXPECT_EQ(ledger.use(kAccount)->used, 1);
  EXPECT_TRUE(take(ledger, 2).counted);
}

TEST_F(CallLedgerTest, CountsUpToTheLimitAndSaysHowLongToWait) {
  CallLedger ledger = open();
  EXPECT_EQ(take(ledger, 2).used, 1);
  clock_.advance(10s);
  EXPECT_EQ(take(ledger, 2).used, 2);
  clock_.advance(10s);
  const CallAttempt third = take(ledger, 2);
  EXPECT_FALSE(third.counted);
  EXPECT_EQ(third.used, 2);
  EXPECT_EQ(third.wait, 3580s + 1ms);
  clock_.advance(third.wait);
  EXPECT_TRUE(take(ledger, 2).counted);
  EXPECT_EQ(take(ledger, 2).wait, 10s);
}

TEST_F(CallLedgerTest, NoHourEverHoldsMoreThanTheLimit) {
  CallLedger ledger = open();
  Random random(5);
  std::vector<std::chrono::system_clock::time_point> made;
  for (int i = 0; i < 400; ++i) {
    clock_.advance(microseconds(random.below(300'000'000)));
    const CallAttempt attempt = take(ledger, 20);
    if (attempt.counted) made.push_back(clock_.wall_time());
    if (!attempt.counted && random.below(2) == 0) clock_.advance(attempt.wait);
  }
  ASSERT_GT(made.size(), 100u);
  for (size_t i = 20; i < made.size(); ++i)
    EXPECT_GT(made[i] - made[i - 20], 1h);
}

TEST_F(CallLedgerTest, OutlivesItsProcess) {
  {
    CallLedger ledger = open();
    EXPECT_EQ(taken(ledger, 3, 5), 3);
  }
  CallLedger ledger = open();
  EXPECT_EQ(taken(ledger, 5, 5), 2);
}

TEST_F(CallLedgerTest, AccountsAreApart) {
  CallLedger ledger = open();
  EXPECT_EQ(taken(ledger, 3, 3), 3);
  EXPECT_TRUE(take(ledger, 3, "another").counted);
  EXPECT_FALSE(take(ledger, 3).counted);
}

TEST_F(CallLedgerTest, WithoutALimitItOnlyCounts) {
  CallLedger ledger = open();
  EXPECT_EQ(taken(ledger, 10, 0), 10);
  EXPECT_FALSE(take(ledger, 10).counted);
}

TEST_F(CallLedgerTest, ALowerLimitWaitsForEnoughCallsToLeave) {
  CallLedger ledger = open();
  for (int i = 0; i < 5; ++i) {
    take(ledger, 0);
    clock_.advance(1s);
  }
  EXPECT_EQ(take(ledger, 2).wait, 3598s + 1ms);
}

TEST_F(CallLedgerTest, TellsWhatIsUsedAndWhenItIsFree) {
  CallLedger ledger = open();
  const auto none = ledger.use(kAccount);
  EXPECT_EQ(none->used, 0);
  EXPECT_EQ(none->all_free, 0ms);
  take(ledger, 9);
  clock_.advance(60s);
  take(ledger, 9);
  const auto two = ledger.use(kAccount);
  EXPECT_EQ(two->used, 2);
  EXPECT_EQ(two->next_free, 3540s + 1ms);
  EXPECT_EQ(two->all_free, 3600s + 1ms);
  clock_.advance(2h);
  EXPECT_EQ(ledger.use(kAccount)->used, 0);
}

TEST_F(CallLedgerTest, AClockSetBackNeitherFreesCallsNorHoldsThemForEver) {
  CallLedger ledger = open();
  EXPECT_EQ(taken(ledger, 3, 3), 3);
  clock_.shift_wall(-24h * 365);
  const CallAttempt held = take(ledger, 3);
  EXPECT_FALSE(held.counted);
  EXPECT_EQ(held.wait, 1h + 1ms);
  clock_.advance(held.wait);
  EXPECT_EQ(taken(ledger, 9, 3), 3);
}

TEST_F(CallLedgerTest, TheAccountStandsNowhereInItsFiles) {
  CallLedger ledger = open();
  take(ledger, 3);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(bytes.find("0123456789abcdef"), std::string::npos) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 2);
}

TEST_F(CallLedgerTest, FilesHashTheSameAccountDifferently) {
  test::TemporaryFolder other_folder;
  CallLedger one = open();
  auto two = CallLedger::open(other_folder.path() / "calls.db", clock_);
  take(one, 3);
  ASSERT_TRUE(two->take(kAccount, 3).ok());
  const auto account = [](const std::filesystem::path& path) {
    auto database = Database::open(path, {.application_id = 0x6C6B6C67});
    auto select = database->prepare("SELECT hash FROM accounts");
    EXPECT_TRUE(*select->step());
    return std::string(select->blob(0));
  };
  EXPECT_EQ(account(file()).size(), 64u);
  EXPECT_NE(account(file()), account(other_folder.path() / "calls.db"));
}

// Children hammer the ledger; every second one is killed at some moment. What they report having been granted, with
// what the file holds, never exceeds the limit.
TEST_F(CallLedgerTest, ManyProcessesShareItExactlyAndMayBeKilled) {
  constexpr int kProcesses = 6;
  constexpr int kLimit = 150;
  const SystemClock clock;
  int granted[2];
  ASSERT_EQ(::pipe(granted), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(granted[0]);
      while (true) {
        auto ledger = CallLedger::open(file(), clock);
        while (ledger.ok()) {
          const auto attempt = ledger->take(kAccount, kLimit);
          if (!attempt.ok()) continue;  // busy
          if (!attempt->counted) ::_exit(0);
          if (::write(granted[1], "x", 1) != 1) ::_exit(1);
        }
      }
    }
    children.push_back(child);
  }
  ::close(granted[1]);
  int total = 0;
  char byte = 0;
  while (::read(granted[0], &byte, 1) == 1) {
    if (++total == kLimit / 3) {
      for (size_t i = 0; i < children.size(); i += 2)
        ::kill(children[i], SIGKILL);
    }
  }
  ::close(granted[0]);
  for (const pid_t child : children)
    ::waitpid(child, nullptr, 0);
  // A child may be killed between the grant and its report, never the other way round.
  EXPECT_LE(total, kLimit);
  EXPECT_GE(total, kLimit - kProcesses / 2);
  auto ledger = CallLedger::open(file(), clock);
  ASSERT_TRUE(ledger.ok());
  EXPECT_EQ(ledger->use(kAccount)->used, kLimit);
}

}  // namespace
}  // namespace lookalike

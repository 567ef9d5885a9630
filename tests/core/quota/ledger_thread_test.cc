#include "core/quota/ledger_thread.h"

#include <gtest/gtest.h>

#include <atomic>

namespace lookalike {
namespace {

// Grants so many calls, then says that all are used.
class CountingLedger final : public SharedLedger {
 public:
  explicit CountingLedger(int left) : left_(left) {}
  Result<CallAttempt> take(std::string_view account, int) override {
    if (account != "key") return Error{ErrorCode::network, "gone"};
    const bool free = left_ > 0;
    left_ -= free ? 1 : 0;
    return CallAttempt{.counted = free, .used = 9, .wait = std::chrono::milliseconds(free ? 0 : 5)};
  }
  Result<CallUse> use(std::string_view) override { return CallUse{.used = 9}; }
  Status give_back(std::string_view, int64_t) override {
    ++left_;
    return {};
  }

 private:
  std::atomic<int> left_;
};

Result<CallAttempt> answer_of(LedgerThread& thread) {
  while (true) {
    if (auto answer = thread.take()) return *answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST(LedgerThread, SaysNotYetAndThenTheAnswer) {
  LedgerThread thread(std::make_shared<CountingLedger>(2), "key", 10);
  EXPECT_FALSE(thread.take().has_value());
  EXPECT_TRUE(answer_of(thread)->counted);
  EXPECT_TRUE(answer_of(thread)->counted);
  const auto third = answer_of(thread);
  EXPECT_FALSE(third->counted);
  EXPECT_EQ(third->wait, std::chrono::milliseconds(5));
  EXPECT_EQ(thread.use()->used, 9);
}

TEST(LedgerThread, TellsTheLedgerOfCallsThatWereNotMade) {
  LedgerThread thread(std::make_shared<CountingLedger>(1), "key", 10);
  EXPECT_TRUE(answer_of(thread)->counted);
  EXPECT_FALSE(answer_of(thread)->counted);
  thread.give_back(1);
  while (!answer_of(thread)->counted) {
  }
}

TEST(LedgerThread, PassesFailuresOn) {
  LedgerThread thread(std::make_shared<CountingLedger>(2), "another", 10);
  EXPECT_FALSE(answer_of(thread).ok());
}

TEST(LedgerThread, ACallThatNobodyTookInTimeIsNotUsed) {
  LedgerThread thread(std::make_shared<CountingLedger>(1), "key", 10);
  EXPECT_FALSE(thread.take().has_value());
  std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  EXPECT_FALSE(answer_of(thread)->counted);
}

}  // namespace
}  // namespace lookalike

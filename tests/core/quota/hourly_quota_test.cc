#include "core/quota/hourly_quota.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

class HourlyQuotaTest : public testing::Test {
 protected:
  HourlyQuota quota(int limit) { return HourlyQuota(settings(limit), clock_, sink()); }
  HourlyQuota::Settings settings(int limit) const {
    return {.service = "Flickr", .account = "flickr key", .limit = limit, .ledger = file()};
  }
  LogSink sink() {
    return [this](LogLevel level, std::string_view text) {
      EXPECT_EQ(level, LogLevel::warning);
      lines_.emplace_back(text);
    };
  }
  static int admitted(HourlyQuota& quota, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i) {
      const Admission admission = quota.admit();
      count += !admission.refusal && admission.wait == 0ms ? 1 : 0;
    }
    return count;
  }
  std::filesystem::path file() const { return folder_.path() / "state" / "calls.db"; }

  test::TemporaryFolder folder_;
  test::FakeClock clock_;
  std::vector<std::string> lines_;
};

TEST_F(HourlyQuotaTest, OpensNothingBeforeTheFirstCall) {
  HourlyQuota one = quota(3);
  EXPECT_FALSE(std::filesystem::exists(file()));
  EXPECT_EQ(admitted(one, 1), 1);
  EXPECT_TRUE(std::filesystem::exists(file()));
}

TEST_F(HourlyQuotaTest, APreparedLedgerIsThereBeforeTheFirstCall) {
  HourlyQuota one = quota(3);
  one.prepare();
  EXPECT_TRUE(std::filesystem::exists(file()));
  EXPECT_EQ(admitted(one, 5), 3);
  one.prepare();
  EXPECT_EQ(admitted(one, 5), 0);
}

TEST_F(HourlyQuotaTest, WhatCannotBePreparedIsSaidAtTheFirstCallOnly) {
  folder_.write("state", "a file where a folder should be");
  HourlyQuota one = quota(3);
  one.prepare();
  EXPECT_TRUE(lines_.empty());
  EXPECT_EQ(admitted(one, 5), 3);
  ASSERT_FALSE(lines_.empty());
  EXPECT_THAT(lines_.front(), HasSubstr("cannot be shared with other processes"));
}

TEST_F(HourlyQuotaTest, IsSharedAndSaysHowLongACallWouldWait) {
  HourlyQuota one = quota(5);
  HourlyQuota two = quota(5);
  EXPECT_EQ(admitted(one, 3), 3);
  EXPECT_EQ(admitted(two, 10), 2);
  clock_.advance(2850s);
  const Admission held = one.admit();
  EXPECT_EQ(held.wait, 750s + 1ms);
  EXPECT_EQ(held.reason, "Flickr's hourly budget is used up (5 of 5 calls)");
  EXPECT_FALSE(held.refusal) << "whether it waits is for the search to say";
  clock_.advance(751s);
  EXPECT_EQ(admitted(one, 10), 5);
}

TEST_F(HourlyQuotaTest, WhatNeverReachedTheServiceIsTakenBack) {
  HourlyQuota one = quota(1);
  Admission admission = one.admit();
  ASSERT_TRUE(admission.take_back);
  EXPECT_GT(one.admit().wait, 0ms);
  admission.take_back();
  EXPECT_EQ(one.use()->used, 0);
  EXPECT_EQ(admitted(one, 5), 1);
}

TEST_F(HourlyQuotaTest, WithoutALedgerToo) {
  folder_.write("state", "a file where the folder should be");
  HourlyQuota one = quota(1);
  const Admission admission = one.admit();
  EXPECT_GT(one.admit().wait, 0ms);
  admission.take_back();
  EXPECT_EQ(admitted(one, 5), 1);
}

TEST_F(HourlyQuotaTest, WithoutALimitItCountsForOthersAndNeverWaits) {
  HourlyQuota unlimited = quota(0);
  EXPECT_EQ(admitted(unlimited, 10), 10);
  HourlyQuota limited = quota(12);
  EXPECT_EQ(admitted(limited, 10), 2);
  EXPECT_EQ(limited.use()->used, 12);
}

TEST_F(HourlyQuotaTest, ADamagedLedgerIsSaidOnceAndThisProcessCounts) {
  std::filesystem::create_directories(file().parent_path());
  std::ofstream(file()) << std::string(9000, '?');
  HourlyQuota one = quota(4);
  EXPECT_EQ(admitted(one, 10), 4);
  EXPECT_FALSE(one.use().ok());
  ASSERT_GE(lines_.size(), 1u);
  EXPECT_THAT(lines_[0], AllOf(HasSubstr(file().string()), HasSubstr("cannot be shared"), HasSubstr("remove")));
  clock_.advance(3600s + 1us);
  EXPECT_EQ(admitted(one, 10), 4);
  EXPECT_EQ(std::count_if(lines_.begin(), lines_.end(),
                          [](const std::string& line) { return line.find("shared") != std::string::npos; }),
            1);
}

TEST_F(HourlyQuotaTest, AFolderThatCannotBeMadeIsSaidOnceAndThisProcessCounts) {
  folder_.write("state", "a file where the folder should be");
  HourlyQuota one = quota(2);
  EXPECT_EQ(admitted(one, 10), 2);
  EXPECT_THAT(lines_[0], HasSubstr("only the calls of this one are counted"));
}

TEST_F(HourlyQuotaTest, NoPlaceAtAllIsSaidToo) {
  auto nowhere = settings(2);
  nowhere.ledger.clear();
  HourlyQuota one(nowhere, clock_, sink());
  EXPECT_EQ(admitted(one, 10), 2);
  EXPECT_THAT(lines_[0], HasSubstr("HOME"));
}

TEST_F(HourlyQuotaTest, CallsMadeBeforeTheLedgerBrokeStillCount) {
  HourlyQuota one = quota(5);
  EXPECT_EQ(admitted(one, 3), 3);
  auto database = Database::open(file(), {.application_id = 0x6C6B6C67});
  ASSERT_TRUE(database->run("DROP TABLE calls").ok());
  EXPECT_EQ(admitted(one, 10), 2);
}

TEST_F(HourlyQuotaTest, ALedgerHeldByAnotherIsWaitedForButNotForEver) {
  HourlyQuota one = quota(5);
  EXPECT_EQ(admitted(one, 1), 1);
  auto other = Database::open(file(), {.application_id = 0x6C6B6C67});
  const auto held = Transaction::begin(*other);
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(one.admit().wait, 20ms);
  clock_.advance(9s);
  EXPECT_EQ(one.admit().wait, 20ms);
  EXPECT_TRUE(lines_.empty());
  clock_.advance(1s);
  EXPECT_EQ(admitted(one, 10), 4);
  EXPECT_THAT(lines_[0], HasSubstr("cannot be shared"));
}

// As far away as can be, and sometimes gone.
class RemoteLedger final : public SharedLedger {
 public:
  explicit RemoteLedger(int left) : left_(left) {}
  Result<CallAttempt> take(std::string_view, int limit) override {
    if (gone) return Error{ErrorCode::network, "redis is gone"};
    const bool free = left_ > 0;
    left_ -= free ? 1 : 0;
    return CallAttempt{.counted = free, .used = limit, .wait = free ? 0ms : 600'000ms};
  }
  Result<CallUse> use(std::string_view) override { return CallUse{.used = 7}; }
  Status give_back(std::string_view, int64_t) override { return {}; }

  std::atomic<bool> gone = false;

 private:
  int left_;
};

class RemoteQuotaTest : public HourlyQuotaTest {
 protected:
  // What the gate says once the ledger has answered.
  static Admission decided(HourlyQuota& quota) {
    while (true) {
      Admission admission = quota.admit();
      if (admission.refusal || admission.wait == 0ms || admission.wait > 5ms) return admission;
      std::this_thread::sleep_for(1ms);
    }
  }
  HourlyQuota::Settings remote_settings(int limit) const {
    auto remote = settings(limit);
    remote.remote = ledger_;
    return remote;
  }

  std::shared_ptr<RemoteLedger> ledger_ = std::make_shared<RemoteLedger>(2);
};

TEST_F(RemoteQuotaTest, AsksTheSharedLedgerAndOpensNoFile) {
  HourlyQuota quota(remote_settings(5), clock_, sink());
  quota.prepare();
  EXPECT_EQ(quota.use()->used, 7);
  EXPECT_EQ(decided(quota).wait, 0ms);
  EXPECT_EQ(decided(quota).wait, 0ms);
  EXPECT_EQ(decided(quota).wait, 600'000ms);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(RemoteQuotaTest, WithoutTheLedgerNothingGoes) {
  HourlyQuota quota(remote_settings(5), clock_, sink());
  ledger_->gone = true;
  EXPECT_EQ(decided(quota).wait, 500ms);
  EXPECT_EQ(decided(quota).wait, 500ms);
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_THAT(lines_[0], AllOf(HasSubstr("redis is gone"), HasSubstr("no call is made")));
  clock_.advance(31s);
  EXPECT_EQ(decided(quota).refusal->code, ErrorCode::quota);
  ledger_->gone = false;
  EXPECT_EQ(decided(quota).wait, 0ms);
}

TEST_F(RemoteQuotaTest, ALedgerThatForgotDoesNotMakeThisProcessForget) {
  ledger_ = std::make_shared<RemoteLedger>(100);
  HourlyQuota quota(remote_settings(3), clock_, sink());
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(decided(quota).wait, 0ms);
  EXPECT_GT(decided(quota).wait, 0ms);
}

}  // namespace
}  // namespace lookalike

// The hourly budget, over real processes: never exceeded, never forgotten, never in the way.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text/json.h"
#include "core/quota/call_ledger.h"
#include "tests/command/command_fixture.h"
#include "tests/support/fake_clock.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

class CommandQuotaTest : public CommandTest {
 protected:
  // Every photo looked at needs a call of its own, as far as that is possible.
  std::vector<std::string> greedy(const std::string& calls, std::vector<std::string> more = {}) const {
    auto arguments = flickr({"--hourly-calls", calls, "--strategy", "clear", "--max-calls", "500", "--json"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::filesystem::path ledger() const { return folder_.path() / ".local/state/lookalike/calls.db"; }
  // Calls made `ago`, by another process so to say.
  void make_calls(int count, std::chrono::seconds ago) {
    FakeClock clock;
    clock.shift_wall(
        std::chrono::duration_cast<std::chrono::microseconds>(SystemClock().wall_time() - clock.wall_time() - ago));
    auto book = CallLedger::open(ledger(), clock);
    ASSERT_TRUE(book.ok()) << book.error().message;
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(book->take(std::string("flickr\n") + kTestKey, 0).ok());
  }
};

TEST_F(CommandQuotaTest, TwoSearchesAtOnceShareOneBudgetExactly) {
  start_service({.api_delay_ms = 5});
  RunningCommand one(command(greedy("12", {"--time-limit", "20"})), options());
  RunningCommand two(command(greedy("12", {"--time-limit", "20", "--seed", "2"})), options());
  const CommandResult first = one.wait();
  const CommandResult second = two.wait();
  EXPECT_EQ(service_->counts().api_calls, 12) << first.err << second.err;
  EXPECT_THAT(first.exit, testing::AnyOf(0, 4)) << first.err;
  EXPECT_THAT(second.exit, testing::AnyOf(0, 4)) << second.err;
}

TEST_F(CommandQuotaTest, RepetitionsCountToo) {
  start_service({.fault_rate = 0.6});
  const CommandResult result = run(greedy("9", {"--time-limit", "20"}));
  EXPECT_LE(service_->counts().api_calls, 9);
  EXPECT_THAT(result.exit, testing::AnyOf(0, 1, 4, 5)) << result.err;
}

TEST_F(CommandQuotaTest, TheBudgetOutlivesAKilledProcess) {
  start_service({.api_delay_ms = 30});
  RunningCommand killed(command(greedy("12")), options());
  for (int tries = 0; tries < 10'000 && service_->counts().api_calls < 4; ++tries)
    std::this_thread::sleep_for(2ms);
  killed.signal(SIGKILL);
  EXPECT_EQ(killed.wait().exit, 128 + SIGKILL);
  const CommandResult next = run(greedy("12", {"--time-limit", "20"}));
  EXPECT_LE(service_->counts().api_calls, 12) << next.err;
  // The killed one may have been granted calls that it could not send any more: one for each transfer at once.
  EXPECT_GE(service_->counts().api_calls, 4);
}

TEST_F(CommandQuotaTest, AUsedUpBudgetThatCannotBeWaitedForExitsWith4) {
  start_service();
  make_calls(20, 600s);
  const CommandResult result = run(greedy("20", {"--time-limit", "30"}));
  EXPECT_EQ(result.exit, 4) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("hourly budget is used up (20 of 20 calls)"), HasSubstr("50 min")));
  EXPECT_EQ(service_->counts().api_calls, 0);
}

TEST_F(CommandQuotaTest, WaitsAndSaysSoUntilCallsComeBack) {
  start_service();
  make_calls(20, 3596s);
  const CommandResult result = run(greedy("20", {"--max-images", "3"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("Flickr's hourly budget is used up (20 of 20 calls): waiting "),
                                HasSubstr("--time-limit")));
  EXPECT_GE(service_->counts().api_calls, 1);
}

TEST_F(CommandQuotaTest, OneImageDoesNotWaitForLongAlthoughNothingWasFound) {
  start_service();
  make_calls(20, 60s);
  const CommandResult result = run(greedy("20"));
  EXPECT_EQ(result.exit, 4) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("20 of 20 calls"), HasSubstr("try again in"), HasSubstr("--on-quota wait")));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
}

TEST_F(CommandQuotaTest, OneImageThatHasResultsEndsWhenTheBudgetDoes) {
  start_service();
  make_calls(17, 3000s);
  const CommandResult result = run(greedy("20", {"--max-images", "400"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  const auto document = parse_json(result.out);
  ASSERT_TRUE(document.ok()) << result.out;
  EXPECT_EQ(json_text((*document)["run"], "stopped_by"), "rate");
  EXPECT_THAT(result.err, AllOf(HasSubstr("ended early and shows what it has found"),
                                HasSubstr("hourly budget is used up"), HasSubstr("--on-quota wait")));
  EXPECT_EQ(service_->counts().api_calls, 3);
}

TEST_F(CommandQuotaTest, StopDoesNotEvenWaitForAMoment) {
  start_service();
  make_calls(20, 3590s);
  const CommandResult result = run(greedy("20", {"--on-quota", "stop"}));
  EXPECT_EQ(result.exit, 4) << result.err;
  EXPECT_EQ(service_->counts().api_calls, 0);
}

TEST_F(CommandQuotaTest, CtrlCEndsTheWait) {
  start_service();
  make_calls(20, 60s);
  RunningCommand waiting(command(greedy("20", {"--on-quota", "wait"})), options());
  std::this_thread::sleep_for(1500ms);
  waiting.signal(SIGINT);
  const CommandResult result = waiting.wait();
  EXPECT_EQ(result.exit, 130) << result.err;
  EXPECT_EQ(service_->counts().api_calls, 0);
}

TEST_F(CommandQuotaTest, NothingIsCountedOnThisMachineUnlessAsked) {
  start_service();
  EXPECT_EQ(run(flickr()).exit, 0);
  EXPECT_FALSE(std::filesystem::exists(ledger()));
  EXPECT_EQ(run(flickr({"--hourly-calls", "off"})).exit, 0);
  EXPECT_FALSE(std::filesystem::exists(ledger()));
  EXPECT_EQ(run(flickr({"--hourly-calls", "none"})).exit, 2);
}

TEST_F(CommandQuotaTest, ADamagedLedgerStopsNoSearch) {
  start_service();
  std::filesystem::create_directories(ledger().parent_path());
  std::ofstream(ledger()) << std::string(5000, 'z');
  const CommandResult result = run(greedy("5", {"--time-limit", "20"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("warning"), HasSubstr("calls.db")));
  EXPECT_LE(service_->counts().api_calls, 5);
}

TEST_F(CommandQuotaTest, AStateFolderThatCannotBeMadeStopsNoSearch) {
  start_service();
  folder_.write(".local", "a file in the way");
  const CommandResult result = run(greedy("5", {"--time-limit", "20"}));
  EXPECT_EQ(result.exit, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("cannot be shared"));
  EXPECT_LE(service_->counts().api_calls, 5);
}

TEST_F(CommandQuotaTest, TheDoctorShowsWhatIsUsedAndWhatIsLeft) {
  start_service();
  make_calls(7, 1830s);
  const std::vector<std::string> doctor = {"doctor",    "--model", "tiny.onnx",      "--endpoint", service_->endpoint(),
                                           "--api-key", kTestKey,  "--hourly-calls", "10"};
  const CommandResult well = run(doctor);
  EXPECT_EQ(well.exit, 0) << well.out;
  EXPECT_THAT(well.out, AllOf(HasSubstr("8 of 10 calls used"), HasSubstr("2 left"), HasSubstr("call is free in 29 min"),
                              HasSubstr("all in 1 h")));
  make_calls(2, 10s);
  const CommandResult spent = run(doctor);
  EXPECT_EQ(spent.exit, 4) << spent.out;
  EXPECT_THAT(spent.out, AllOf(HasSubstr("FAIL"), HasSubstr("10 of 10 calls used"), HasSubstr("0 left")));
  EXPECT_EQ(service_->counts().api_calls, 1);
}

TEST_F(CommandQuotaTest, TheLedgerIsPrivateAndHoldsNoKey) {
  start_service();
  EXPECT_EQ(run(greedy("50", {"--max-images", "5"})).exit, 0);
  struct stat info {};
  ASSERT_EQ(::stat(ledger().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat(ledger().parent_path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(ledger().parent_path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    EXPECT_THAT(bytes, Not(HasSubstr(kTestKey))) << entry.path();
  }
}

}  // namespace
}  // namespace lookalike::test

#include "core/base/files/file_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <utility>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using test::TemporaryFolder;

TEST(FileLock, SecondHolderIsRefusedWhenPatienceEnds) {
  const TemporaryFolder folder;
  const auto first = FileLock::acquire(folder / "lock", milliseconds(0), {}, {});
  ASSERT_TRUE(first.ok());
  int waits = 0;
  const auto second = FileLock::acquire(folder / "lock", milliseconds(250), [&] { ++waits; }, {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::usage);
  EXPECT_THAT(second.error().message, testing::HasSubstr("another run of lookalike"));
  EXPECT_EQ(waits, 1);
}

TEST(FileLock, IsFreeAfterTheHolder) {
  const TemporaryFolder folder;
  { ASSERT_TRUE(FileLock::acquire(folder / "lock", milliseconds(0), {}, {}).ok()); }
  EXPECT_TRUE(FileLock::acquire(folder / "lock", milliseconds(0), {}, {}).ok());
}

TEST(FileLock, WaitsUntilTheHolderLetsGo) {
  const TemporaryFolder folder;
  auto first = FileLock::acquire(folder / "lock", milliseconds(0), {}, {});
  ASSERT_TRUE(first.ok());
  std::jthread holder([held = std::optional<FileLock>(std::move(*first))]() mutable {
    std::this_thread::sleep_for(milliseconds(200));
    held.reset();
  });
  EXPECT_TRUE(FileLock::acquire(folder / "lock", std::chrono::seconds(20), {}, {}).ok());
}

TEST(FileLock, StopRequestEndsTheWait) {
  const TemporaryFolder folder;
  const auto first = FileLock::acquire(folder / "lock", milliseconds(0), {}, {});
  std::stop_source stop;
  stop.request_stop();
  const auto second = FileLock::acquire(folder / "lock", std::chrono::seconds(20), {}, stop.get_token());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::interrupted);
}

TEST(FileLock, ThatCannotBeMadeIsAUsageError) {
  const TemporaryFolder folder;
  const auto lock = FileLock::acquire(folder / "missing/lock", milliseconds(0), {}, {});
  ASSERT_FALSE(lock.ok());
  EXPECT_EQ(lock.error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace lookalike

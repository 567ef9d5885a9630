#include "core/cache/disk_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class DiskCacheTest : public testing::Test {
 protected:
  DiskCache open(int64_t max_bytes = 64 << 20) {
    return DiskCache(cache_folder(), max_bytes, clock_, [this](LogLevel level, std::string_view text) {
      if (level == LogLevel::warning) warnings_.emplace_back(text);
    });
  }
  std::filesystem::path cache_folder() const { return folder_.path() / "cache"; }
  std::filesystem::path file() const { return cache_folder() / kCacheFileName; }
  static CacheRecord record(const std::string& key, std::string bytes = "bytes") {
    return {key, CacheKind::answer, std::move(bytes)};
  }

  test::TemporaryFolder folder_;
  test::FakeClock clock_;
  std::vector<std::string> warnings_;
};

TEST_F(DiskCacheTest, GivesBackWhatWasPutAlsoInALaterProcess) {
  const std::string bytes("\0\xff{}", 4);
  {
    DiskCache cache = open();
    EXPECT_FALSE(std::filesystem::exists(file()));
    EXPECT_EQ(cache.get("a"), std::nullopt);
    cache.put({record("a", bytes), record("b", "")});
    EXPECT_EQ(cache.get("a"), bytes);
  }
  DiskCache cache = open();
  EXPECT_EQ(cache.get("a"), bytes);
  EXPECT_EQ(cache.get("b"), "");
  EXPECT_EQ(cache.get("c"), std::nullopt);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(DiskCacheTest, ForgetsAfterADay) {
  DiskCache cache = open();
  cache.put({record("a")});
  clock_.advance(24h - 1s);
  EXPECT_TRUE(cache.get("a"));
  clock_.advance(1s);
  EXPECT_FALSE(cache.get("a"));
  cache.put({record("b")});
  EXPECT_EQ(DiskCache::inspect(cache_folder(), clock_)->answers, 1) << "what is too old is removed";
}

TEST_F(DiskCacheTest, AClockThatWasSetBackMakesTheFutureOld) {
  DiskCache cache = open();
  cache.put({record("a")});
  clock_.shift_wall(-1h);
  EXPECT_FALSE(cache.get("a"));
}

TEST_F(DiskCacheTest, GarbledBytesAreNotThere) {
  DiskCache cache = open();
  cache.put({record("a", "first"), record("b", "second")});
  auto database = Database::open(file(), {.application_id = 0x6C6B6361});
  ASSERT_TRUE(database->run("UPDATE records SET bytes = x'00' WHERE key = 'a'").ok());
  EXPECT_FALSE(cache.get("a"));
  EXPECT_EQ(cache.get("b"), "second");
}

TEST_F(DiskCacheTest, StaysWithinItsSizeAndKeepsTheNewest) {
  constexpr int64_t kMax = 2 << 20;
  DiskCache cache = open(kMax);
  for (int i = 0; i < 100; ++i) {
    cache.put({record("key" + std::to_string(i), std::string(60'000, static_cast<char>('a' + i % 26)))});
    clock_.advance(1s);
  }
  EXPECT_TRUE(cache.get("key99"));
  EXPECT_TRUE(cache.get("key98"));
  EXPECT_FALSE(cache.get("key0"));
  auto database = Database::open(file(), {.application_id = 0x6C6B6361});
  EXPECT_LE(*database->integer("PRAGMA page_count") * 4096, kMax);
  cache.put({record("huge", std::string(kMax, 'x'))});
  EXPECT_FALSE(cache.get("huge"));
  EXPECT_TRUE(cache.get("key99"));
}

TEST_F(DiskCacheTest, ADamagedFileIsSaidOnceAndHoldsNothing) {
  std::filesystem::create_directories(cache_folder());
  std::ofstream(file()) << std::string(8192, '!');
  DiskCache cache = open();
  cache.put({record("a")});
  EXPECT_FALSE(cache.get("a"));
  ASSERT_EQ(warnings_.size(), 1u);
  EXPECT_THAT(warnings_[0], HasSubstr("lookalike cache clear"));
  EXPECT_FALSE(DiskCache::inspect(cache_folder(), clock_).ok());
  EXPECT_TRUE(DiskCache::clear(cache_folder()).ok());
  DiskCache anew = open();
  anew.put({record("a")});
  EXPECT_TRUE(anew.get("a"));
}

TEST_F(DiskCacheTest, AFolderThatCannotBeMadeIsSaidOnce) {
  folder_.write("cache", "a file");
  DiskCache cache = open();
  cache.put({record("a")});
  EXPECT_FALSE(cache.get("a"));
  EXPECT_EQ(warnings_.size(), 1u);
}

TEST_F(DiskCacheTest, LeavesAnotherProgramsFileAlone) {
  ASSERT_TRUE(Database::open(file(), {.application_id = 99, .schema = "CREATE TABLE precious (x)"}).ok());
  DiskCache cache = open();
  cache.put({record("a")});
  EXPECT_EQ(warnings_.size(), 1u);
  EXPECT_EQ(DiskCache::clear(cache_folder()).error().code, ErrorCode::usage);
  EXPECT_TRUE(std::filesystem::exists(file()));
}

TEST_F(DiskCacheTest, TellsWhatItHolds) {
  EXPECT_EQ(DiskCache::inspect(cache_folder(), clock_).error().code, ErrorCode::not_found);
  EXPECT_EQ(DiskCache::clear(cache_folder()).error().code, ErrorCode::not_found);
  DiskCache cache = open();
  cache.put({record("a")});
  clock_.advance(90s);
  cache.put({{"b", CacheKind::embedding, std::string(60'000, 'x')}, {"c", CacheKind::embedding, "y"}});
  const auto contents = DiskCache::inspect(cache_folder(), clock_);
  ASSERT_TRUE(contents.ok()) << contents.error().message;
  EXPECT_EQ(contents->answers, 1);
  EXPECT_EQ(contents->embeddings, 2);
  EXPECT_GE(contents->file_bytes, 60'000);
  EXPECT_EQ(contents->oldest, 90s);
}

TEST_F(DiskCacheTest, SeveralProcessesUseItAtOnce) {
  constexpr int kProcesses = 4;
  constexpr int kRecords = 40;
  const SystemClock clock;
  std::vector<pid_t> children;
  for (int p = 0; p < kProcesses; ++p) {
    const pid_t child = ::fork();
    if (child == 0) {
      DiskCache cache(cache_folder(), 64 << 20, clock, {});
      for (int i = 0; i < kRecords; ++i) {
        cache.put({record("key" + std::to_string(i), std::string(20'000, static_cast<char>('a' + i % 26)))});
        const auto found = cache.get("key" + std::to_string(i));
        if (found && *found != std::string(20'000, static_cast<char>('a' + i % 26))) ::_exit(1);
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  DiskCache cache(cache_folder(), 64 << 20, clock, {});
  for (int i = 0; i < kRecords; ++i)
    EXPECT_EQ(cache.get("key" + std::to_string(i)), std::string(20'000, static_cast<char>('a' + i % 26)));
}

}  // namespace
}  // namespace lookalike

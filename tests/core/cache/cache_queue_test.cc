#include "core/cache/cache_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "core/cache/memory_cache.h"
#include "tests/support/fake_clock.h"

namespace lookalike {
namespace {

CacheQueue::MakeRecord record(const std::string& key, const std::string& bytes) {
  return [=] { return CacheRecord{key, CacheKind::answer, bytes}; };
}

std::optional<std::string> look_up(CacheQueue& queue, const std::string& key) {
  std::promise<std::optional<std::string>> promise;
  queue.look_up(key, [&promise](std::optional<std::string> found) { promise.set_value(std::move(found)); });
  return promise.get_future().get();
}

// Counts what is written; remembers it for whoever looks afterwards.
class WatchedStore final : public CacheStore {
 public:
  explicit WatchedStore(std::atomic<int>& written) : written_(written) {}
  std::optional<std::string> get(const std::string&) override { return std::nullopt; }
  void put(const std::vector<CacheRecord>& records) override { written_ += static_cast<int>(records.size()); }

 private:
  std::atomic<int>& written_;
};

TEST(CacheQueue, FindsWhatWasKept) {
  const test::FakeClock clock;
  CacheQueue queue(std::make_unique<MemoryCache>(1000, clock));
  EXPECT_EQ(look_up(queue, "a"), std::nullopt);
  queue.keep(record("a", "one"));
  while (look_up(queue, "a") != "one")
    std::this_thread::yield();
}

TEST(CacheQueue, WritesAllThatIsLeftWhenItCloses) {
  std::atomic<int> written = 0;
  CacheQueue queue(std::make_unique<WatchedStore>(written));
  for (int i = 0; i < 500; ++i)
    queue.keep(record("a", "x"));
  queue.keep([] { return std::optional<CacheRecord>(); });
  queue.close();
  EXPECT_EQ(written, 500);
}

TEST(CacheQueue, OnceClosedItFindsAndKeepsNothing) {
  std::atomic<int> written = 0;
  CacheQueue queue(std::make_unique<WatchedStore>(written));
  queue.close();
  queue.close();
  queue.keep(record("a", "x"));
  EXPECT_EQ(look_up(queue, "a"), std::nullopt);
  EXPECT_EQ(written, 0);
}

TEST(CacheQueue, NoCallbackRunsAfterClosing) {
  const test::FakeClock clock;
  for (int round = 0; round < 50; ++round) {
    std::atomic<bool> closed = false;
    std::atomic<bool> late = false;
    CacheQueue queue(std::make_unique<MemoryCache>(1000, clock));
    for (int i = 0; i < 20; ++i)
      queue.look_up("a", [&](const auto&) { late = late || closed; });
    queue.close();
    closed = true;
    EXPECT_FALSE(late);
  }
}

}  // namespace
}  // namespace lookalike

// A thread of its own for the cache, so that neither the engine nor the HTTP client ever waits for the disk.
// Looking up goes before keeping; what is to be kept is gathered and written in one go.
// Threads: any, but close() and the destructor not from a callback. Callbacks run on the queue's thread.
// Tested by tests/core/cache/cache_queue_test.cc
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/cache/cache_store.h"

namespace lookalike {

class CacheQueue {
 public:
  using Found = std::function<void(std::optional<std::string>)>;
  using MakeRecord = std::function<std::optional<CacheRecord>()>;

  explicit CacheQueue(std::unique_ptr<CacheStore> store);
  ~CacheQueue();
  CacheQueue(const CacheQueue&) = delete;
  CacheQueue& operator=(const CacheQueue&) = delete;

  // Once closed nothing is found, which is said at once on the caller's thread.
  void look_up(std::string key, Found found);
  // `make` runs on the queue's thread and may decide against it. Once closed nothing is kept.
  void keep(MakeRecord make);
  // Drops look-ups that were not begun, writes what is still to be kept, and returns when no callback is running.
  void close();

 private:
  struct LookUp {
    std::string key;
    Found found;
  };

  void work();
  void write(const std::deque<MakeRecord>& makers);

  std::unique_ptr<CacheStore> store_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<LookUp> look_ups_;
  std::deque<MakeRecord> to_keep_;
  bool closing_ = false;
  std::once_flag joined_;
  std::thread thread_;
};

}  // namespace lookalike

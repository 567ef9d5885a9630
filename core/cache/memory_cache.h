// A cache for the life of one process; when it is full, what was used longest ago goes.
// Cost: O(1).
// Threads: one at a time.
// Tested by tests/core/cache/memory_cache_test.cc
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>

#include "core/base/clock.h"
#include "core/cache/cache_store.h"

namespace lookalike {

class MemoryCache final : public CacheStore {
 public:
  // `clock` is borrowed.
  MemoryCache(int64_t max_bytes, const Clock& clock) : max_bytes_(max_bytes), clock_(clock) {}

  std::optional<std::string> get(const std::string& key) override;
  void put(const std::vector<CacheRecord>& records) override;

 private:
  struct Entry {
    std::string key;
    std::string bytes;
    std::chrono::steady_clock::time_point stored;
  };
  using Entries = std::list<Entry>;

  void put_one(const CacheRecord& record);
  void erase(Entries::iterator entry);

  int64_t max_bytes_;
  const Clock& clock_;
  int64_t bytes_ = 0;
  Entries entries_;  // the last used first
  std::unordered_map<std::string, Entries::iterator> by_key_;
};

}  // namespace lookalike

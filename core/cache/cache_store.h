// Where answers and embeddings are kept for a while, by keys that are digests of what was asked.
// Nothing of a service is kept longer than 24 hours (Flickr's terms); a clock that was set back makes what lies in the
// future old. What is made of the user's own files is kept while there is room.
// A cache never fails: what cannot be read is not there, what cannot be written is not kept.
// Threads: a store belongs to one at a time, cache_queue.h gives it one of its own; the functions keep no state.
// Tested by tests/core/cache/cache_store_test.cc
#pragma once

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lookalike {

inline constexpr std::chrono::hours kMaxCacheAge{24};

enum class CacheKind { answer = 0, embedding = 1, file = 2 };  // file: what a file was seen to hold

struct CacheRecord {
  std::string key;
  CacheKind kind = CacheKind::answer;
  std::string bytes;
};

class CacheStore {
 public:
  virtual ~CacheStore() = default;
  virtual std::optional<std::string> get(const std::string& key) = 0;
  // All of them or none; a record replaces an older one of its key.
  virtual void put(const std::vector<CacheRecord>& records) = 0;
};

// The key of a record: a digest over the parts of a request, each with its length, so that no two requests share one.
// "4:page12:cats and..."; for parts of a key that are put together before.
std::string joined_parts(std::initializer_list<std::string_view> parts);

// 64 hexadecimal digits.
std::string cache_key(std::initializer_list<std::string_view> parts);

}  // namespace lookalike

#include "core/cache/memory_cache.h"

namespace lookalike {
namespace {

int64_t size_of(const std::string& key, const std::string& bytes) {
  return static_cast<int64_t>(key.size() + bytes.size());
}

}  // namespace

std::optional<std::string> MemoryCache::get(const std::string& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  const auto entry = found->second;
  if (clock_.now() - entry->stored >= kMaxCacheAge) {
    erase(entry);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->bytes;
}

void MemoryCache::put(const std::vector<CacheRecord>& records) {
  for (const CacheRecord& record : records)
    put_one(record);
}

void MemoryCache::put_one(const CacheRecord& record) {
  if (const auto old = by_key_.find(record.key); old != by_key_.end()) erase(old->second);
  const int64_t size = size_of(record.key, record.bytes);
  if (size > max_bytes_) return;
  while (bytes_ + size > max_bytes_)
    erase(std::prev(entries_.end()));
  entries_.push_front({record.key, record.bytes, clock_.now()});
  by_key_[record.key] = entries_.begin();
  bytes_ += size;
}

void MemoryCache::erase(Entries::iterator entry) {
  bytes_ -= size_of(entry->key, entry->bytes);
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace lookalike

#include "cli/search_cache.h"

#include <utility>

#include "core/net/disk_cache.h"
#include "core/net/memory_cache.h"

namespace lookalike {
std::shared_ptr<CacheQueue> make_cache(const CacheOptions& options, size_t images, const Clock& clock, LogSink log) {
  std::unique_ptr<CacheStore> store;
  if (options.folder != kCacheOff) {
    store = std::make_unique<DiskCache>(options.folder, static_cast<int64_t>(options.max_bytes), clock, std::move(log));
  } else if (images > 1) {
    store = std::make_unique<MemoryCache>(static_cast<int64_t>(options.memory_bytes), clock);
  }
  return store ? std::make_shared<CacheQueue>(std::move(store)) : nullptr;
}

}  // namespace lookalike

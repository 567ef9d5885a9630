#include "cli/wiring/search_cache.h"

#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <string_view>
#include <utility>

#include "cli/options/user_folders.h"
#include "cli/version.h"
#include "core/cache/cache_store.h"
#include "core/cache/disk_cache.h"
#include "core/cache/memory_cache.h"

namespace lookalike {
namespace {

bool is_off(const CacheOptions& options) {
  return options.folder == kCacheOff;
}

// The kernel writes the first processor's lines at once and the others' later.
std::string processor() {
  std::ifstream lines("/proc/cpuinfo");
  std::string name;
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    for (const char* key : {"vendor_id", "cpu family", "model", "stepping", "flags", "CPU ", "Features"}) {
      if (line.starts_with(key)) name += line + "\n";
    }
  }
  return name;
}

std::string program_build() {
  struct stat info {};
  if (::stat("/proc/self/exe", &info) != 0) return kVersion;
  return joined_parts({kVersion, std::to_string(info.st_size), std::to_string(info.st_mtim.tv_sec),
                       std::to_string(info.st_mtim.tv_nsec)});
}

}  // namespace

std::shared_ptr<CacheQueue> make_cache(const CacheOptions& options, size_t images, const Clock& clock, LogSink log) {
  std::unique_ptr<CacheStore> store;
  if (options.folder && !is_off(options)) {
    store =
        std::make_unique<DiskCache>(*options.folder, static_cast<int64_t>(options.max_bytes), clock, std::move(log));
  } else if (images > 1) {
    store = std::make_unique<MemoryCache>(static_cast<int64_t>(options.memory_bytes), clock);
  }
  return store ? std::make_shared<CacheQueue>(std::move(store)) : nullptr;
}

std::shared_ptr<LocalEmbeddings> make_local_embeddings(const CacheOptions& options, size_t images, std::string identity,
                                                       const Clock& clock, const LogSink& log) {
  LocalEmbeddings::Settings settings{.identity = joined_parts({computing_identity(), identity})};
  if (images > 1) settings.memory_bytes = static_cast<int64_t>(options.memory_bytes);
  const std::filesystem::path folder =
      options.folder ? std::filesystem::path(*options.folder) : cache_folder(environment_variable);
  if (!is_off(options) && !folder.empty()) {
    // Nobody asked for the usual folder, so nobody is warned when it cannot be used.
    const LogSink told = [log, asked = options.folder.has_value()](LogLevel level, std::string_view text) {
      if (log) log(asked ? level : LogLevel::info, text);
    };
    settings.open_store = [folder, bytes = static_cast<int64_t>(options.max_bytes), &clock, told,
                           is_first = std::make_shared<std::atomic<bool>>(true)]() -> std::unique_ptr<CacheStore> {
      const LogSink sink = is_first->exchange(false) ? told : LogSink();  // one of them is enough to say what is wrong
      return std::make_unique<DiskCache>(folder, bytes, clock, sink, kPhotosFile);
    };
  }
  return std::make_shared<LocalEmbeddings>(std::move(settings), clock);
}

std::string computing_identity() {
  return joined_parts({program_build(), processor()});
}

}  // namespace lookalike

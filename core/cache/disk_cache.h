// A cache in one file, cache.db or photos.db, that several processes may use at once; when it is full, the oldest
// records go. Every record carries a digest of its bytes: what the disk has garbled is not there. The file is opened at
// the first use; when it cannot be, that is said once and there is no cache.
// Cost: about 0.1 ms to get a record of 64 KB; a batch of writes is one transaction.
// Threads: one at a time.
// Tested by tests/core/cache/disk_cache_test.cc and tests/command/command_cache_test.cc
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/clock.h"
#include "core/base/files/sqlite.h"
#include "core/base/log.h"
#include "core/base/result.h"
#include "core/cache/cache_store.h"

namespace lookalike {

// What a cache holds decides how long it may be kept.
struct DiskCacheFile {
  const char* name;
  bool ages;  // nothing is used for longer than kMaxCacheAge
};
inline constexpr DiskCacheFile kAnswersFile{"cache.db", true};  // of services, and what was made of their images
inline constexpr const char* kCacheFileName = kAnswersFile.name;
inline constexpr DiskCacheFile kPhotosFile{"photos.db", false};  // of the user's own files

struct CacheContents {
  int64_t answers = 0;
  int64_t embeddings = 0;
  int64_t file_bytes = 0;                      // of all files of the cache on the disk
  std::optional<std::chrono::seconds> oldest;  // age of the oldest record; nothing when there is none
};

class DiskCache final : public CacheStore {
 public:
  // `max_bytes` bounds the file; a log beside it may take a few MiB more. `clock` is borrowed.
  DiskCache(std::filesystem::path folder, int64_t max_bytes, const Clock& clock, LogSink log,
            DiskCacheFile file = kAnswersFile);

  std::optional<std::string> get(const std::string& key) override;
  void put(const std::vector<CacheRecord>& records) override;

  // Errors: not_found when there is no cache in the folder; bad_data, usage as sqlite.h has them.
  static Result<CacheContents> inspect(const std::filesystem::path& folder, const Clock& clock,
                                       DiskCacheFile file = kAnswersFile);
  // Removes the cache's files, damaged ones too, and leaves the folder. Errors: usage when the file is another
  // program's, not_found when there is none or it cannot be removed.
  static Status clear(const std::filesystem::path& folder, DiskCacheFile file = kAnswersFile);

 private:
  bool is_open();
  Status write(const std::vector<CacheRecord>& records);
  Status expire();
  Status make_room(int64_t wanted);
  Result<int64_t> bytes_used();
  int64_t seconds_now() const;

  std::filesystem::path file_;
  bool ages_;
  int64_t max_bytes_;
  const Clock& clock_;
  LogSink log_;
  std::optional<Database> database_;
  bool given_up_ = false;
};

}  // namespace lookalike

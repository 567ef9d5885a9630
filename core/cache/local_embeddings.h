// Embeddings of photos on this disk, kept by what their files hold: in memory for the other searches of a run, in a
// store for the runs to come. Scores are the same bit for bit, kept or computed.
//
// A file that is moved, copied or renamed is known by its digest. To read it for that would take a third of the time
// that a small photo takes altogether, so the store also keeps which digest was read under which stamp: device, inode,
// size, and times of change. The kernel sets the time of change (ctime) at each write and nobody can set it back, but
// its clock has ticks of some milliseconds: two writes within one leave the same stamp. So a stamp is trusted only when
// the file had it before and after it was read and the change was kSettled ago by then. Example: a photo is copied
// here and searched at once. Its embedding is kept under its digest; at the next run it is read again, found by the
// digest, and now its stamp is kept as well; at the third run it is not opened.
//
// Cost: recall() a copy; find() about 0.2 ms.
// Threads: any.
// Tested by tests/core/cache/local_embeddings_test.cc
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/feature_source.h"
#include "core/cache/cache_queue.h"
#include "core/cache/cache_store.h"

namespace lookalike {

// Which state of which file, as text; and since when it has been so.
struct FileStamp {
  std::string text;
  std::chrono::system_clock::time_point written;  // what programs say of it: may be any time
  std::chrono::system_clock::time_point changed;  // what the kernel says of it

  bool operator==(const FileStamp& other) const { return text == other.text; }
};

// Nothing for a file that is not there, or is no regular file.
std::optional<FileStamp> stamp_of_file(const std::string& path);

class LocalEmbeddings {
 public:
  static constexpr std::chrono::seconds kSettled{3};

  struct Settings {
    std::string identity;        // all that decides about an embedding besides the file
    int64_t memory_bytes = 0;    // for what this run has met; 0: nothing is kept in memory
    int64_t waiting_most = 256;  // embeddings to be written at once; more are not kept in the store
    // Called once for the writer and for each of the readers at once; null: there is no store.
    std::function<std::unique_ptr<CacheStore>()> open_store = nullptr;
  };

  // `clock` is borrowed.
  LocalEmbeddings(Settings settings, const Clock& clock);
  // Closes.
  ~LocalEmbeddings();

  // From memory.
  std::optional<Embedding> recall(const FileStamp& stamp);
  // From the store, without a look into the file.
  std::optional<Embedding> find(const FileStamp& stamp);
  // From the store; `stamp` is that of the file before it was read, `path` its name.
  std::optional<Embedding> find(const std::string& path, const FileStamp& stamp, const std::string& sha256);
  void keep(const std::string& path, const FileStamp& stamp, const std::string& sha256, const Embedding& embedding);

  // Writes what is still to be written. Nothing is kept afterwards.
  void close();

 private:
  std::optional<std::string> get(const std::string& key);
  std::optional<Embedding> find_content(const std::string& sha256);
  void keep_stamp(const std::string& path, const FileStamp& stamp, const std::string& sha256);
  std::optional<std::string> from_memory(const std::string& key);
  void remember(const std::vector<CacheRecord>& records);
  bool is_settled(const std::string& path, const FileStamp& stamp) const;
  void write(CacheRecord record);

  Settings settings_;
  const Clock& clock_;
  std::mutex mutex_;                    // guards memory_ and idle_readers_
  std::unique_ptr<CacheStore> memory_;  // digests by stamp, embeddings by digest; null: nothing is kept there
  std::vector<std::unique_ptr<CacheStore>> idle_readers_;
  std::shared_ptr<std::atomic<int64_t>> waiting_ = std::make_shared<std::atomic<int64_t>>(0);  // to be written
  std::unique_ptr<CacheQueue> writer_;  // null: there is no store
};

}  // namespace lookalike

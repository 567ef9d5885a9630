#include "core/cache/local_embeddings.h"

#include <sys/stat.h>

#include <utility>

#include "core/cache/cache_store.h"
#include "core/cache/cached_records.h"
#include "core/cache/memory_cache.h"

namespace lookalike {
namespace {

std::string text_of(const timespec& time) {
  return std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

std::chrono::system_clock::time_point moment(const timespec& time) {
  return std::chrono::system_clock::time_point(std::chrono::duration_cast<std::chrono::system_clock::duration>(
      std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec)));
}

bool is_digest(const std::string& text) {
  return text.size() == 64;
}

// Nothing for what is no such record, or is garbled.
std::optional<Embedding> embedding_of(const std::optional<std::string>& bytes) {
  if (!bytes) return std::nullopt;
  auto embedding = parse_cached_embedding(*bytes);
  return embedding.ok() ? std::optional(*std::move(embedding)) : std::nullopt;
}

}  // namespace

std::optional<FileStamp> stamp_of_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return FileStamp{.text = joined_parts({std::to_string(info.st_dev), std::to_string(info.st_ino),
                                         std::to_string(info.st_size), text_of(info.st_mtim), text_of(info.st_ctim)}),
                   .written = moment(info.st_mtim),
                   .changed = moment(info.st_ctim)};
}

LocalEmbeddings::LocalEmbeddings(Settings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {
  if (settings_.memory_bytes > 0) memory_ = std::make_unique<MemoryCache>(settings_.memory_bytes, clock);
  if (!settings_.open_store) return;
  if (auto store = settings_.open_store()) writer_ = std::make_unique<CacheQueue>(std::move(store));
}

LocalEmbeddings::~LocalEmbeddings() {
  close();
}

void LocalEmbeddings::close() {
  if (writer_) writer_->close();
}

std::optional<std::string> LocalEmbeddings::from_memory(const std::string& key) {
  if (!memory_) return std::nullopt;
  const std::lock_guard lock(mutex_);
  return memory_->get(key);
}

void LocalEmbeddings::remember(const std::vector<CacheRecord>& records) {
  if (!memory_) return;
  const std::lock_guard lock(mutex_);
  memory_->put(records);
}

std::optional<Embedding> LocalEmbeddings::recall(const FileStamp& stamp) {
  const auto sha256 = from_memory(stamp.text);
  return sha256 ? embedding_of(from_memory(*sha256)) : std::nullopt;
}

// A store is used by one thread at a time, so each of those who read at once has its own.
std::optional<std::string> LocalEmbeddings::get(const std::string& key) {
  if (!writer_) return std::nullopt;
  std::unique_ptr<CacheStore> reader;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_readers_.empty()) {
      reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
    }
  }
  if (!reader) reader = settings_.open_store();
  if (!reader) return std::nullopt;
  auto found = reader->get(key);
  const std::lock_guard lock(mutex_);
  idle_readers_.push_back(std::move(reader));
  return found;
}

std::optional<Embedding> LocalEmbeddings::find_content(const std::string& sha256) {
  if (auto known = embedding_of(from_memory(sha256))) return known;
  auto bytes = get(cache_key({"local", settings_.identity, sha256}));
  auto embedding = embedding_of(bytes);
  if (embedding) remember({{sha256, CacheKind::embedding, *std::move(bytes)}});
  return embedding;
}

std::optional<Embedding> LocalEmbeddings::find(const FileStamp& stamp) {
  auto sha256 = get(cache_key({"file", stamp.text}));
  if (!sha256 || !is_digest(*sha256)) return std::nullopt;
  auto embedding = find_content(*sha256);
  if (embedding) remember({{stamp.text, CacheKind::file, *std::move(sha256)}});
  return embedding;
}

std::optional<Embedding> LocalEmbeddings::find(const std::string& path, const FileStamp& stamp,
                                               const std::string& sha256) {
  auto embedding = find_content(sha256);
  if (embedding) keep_stamp(path, stamp, sha256);
  return embedding;
}

void LocalEmbeddings::keep(const std::string& path, const FileStamp& stamp, const std::string& sha256,
                           const Embedding& embedding) {
  std::string bytes = write_cached_embedding(embedding);
  remember({{sha256, CacheKind::embedding, bytes}});
  write({cache_key({"local", settings_.identity, sha256}), CacheKind::embedding, std::move(bytes)});
  keep_stamp(path, stamp, sha256);
}

void LocalEmbeddings::keep_stamp(const std::string& path, const FileStamp& stamp, const std::string& sha256) {
  if (!is_settled(path, stamp)) return;
  remember({{stamp.text, CacheKind::file, sha256}});
  write({cache_key({"file", stamp.text}), CacheKind::file, sha256});
}

// A time to come says nothing: someone's clock was wrong.
bool LocalEmbeddings::is_settled(const std::string& path, const FileStamp& stamp) const {
  const auto stamp_now = stamp_of_file(path);
  const auto now = clock_.wall_time();
  const bool written_just_now = stamp.written <= now && stamp.written + kSettled > now;
  return stamp_now && *stamp_now == stamp && stamp.changed + kSettled <= now && !written_just_now;
}

void LocalEmbeddings::write(CacheRecord record) {
  if (!writer_ || *waiting_ >= settings_.waiting_most) return;
  ++*waiting_;
  writer_->keep([record = std::move(record), waiting = waiting_]() mutable -> std::optional<CacheRecord> {
    --*waiting;
    return std::move(record);
  });
}

}  // namespace lookalike

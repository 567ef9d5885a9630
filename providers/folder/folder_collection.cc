#include "providers/folder/folder_collection.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/base/files/file.h"
#include "core/base/text/text.h"
#include "core/base/thread_start.h"
#include "core/http/url.h"
#include "providers/folder/folder_manifest.h"
#include "providers/folder/folder_tree.h"
#include "providers/folder/photo_words.h"
#include "providers/folder/words.h"

namespace lookalike {
namespace {

constexpr size_t kMaxTags = 75;
constexpr int64_t kMaxSidecarBytes = 1 << 20;
constexpr size_t kPhotosForOneThread = 64;

using Clock = std::chrono::steady_clock;

void say(const LogSink& log, LogLevel level, const std::string& text) {
  if (log) log(level, text);
}

std::string path_below(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

std::string stem_of(const std::string& name) {
  return name.substr(0, name.rfind('.'));
}

// A path that no two files share and that is UTF-8 whatever the bytes of the names are.
std::string id_of_path(const std::string& path) {
  if (path.find('%') == std::string::npos && terminal_safe(path) == path) return path;
  std::string id;
  for (const std::string& part : split(path, '/'))
    id += (id.empty() ? "" : "/") + percent_encode(part);
  return id;
}

// FNV-1a, with the last step of SplitMix64 since FNV leaves names that differ in the last letter close together.
// The same on every platform.
uint64_t shuffle_key(std::string_view text) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  hash = (hash ^ hash >> 30) * 0xBF58476D1CE4E5B9;
  hash = (hash ^ hash >> 27) * 0x94D049BB133111EB;
  return hash ^ hash >> 31;
}

void append_tags(std::vector<std::string>& tags, const std::vector<std::string>& more) {
  for (const std::string& tag : more) {
    if (tags.size() < kMaxTags && std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  }
}

// ---- photos that a manifest lists

using Listed = std::unordered_map<std::string, ManifestEntry>;  // by path below the root

void read_manifest(const std::filesystem::path& root, const std::string& folder, const std::string& name,
                   const FolderLimits& limits, const LogSink& log, Listed& listed) {
  const std::string shown = terminal_safe(path_below(folder, name));
  const Result<std::string> text = read_text_file(root / folder / name, limits.max_manifest_bytes);
  if (!text) return say(log, LogLevel::warning, "manifest not read: " + text.error().message);
  Manifest manifest = parse_manifest(*text);
  if (manifest.entries.empty()) {
    return say(log, LogLevel::debug, shown + " lists no photos (" + manifest.first_problem + "); it is no manifest");
  }
  if (manifest.bad_lines > 0) {
    say(log, LogLevel::warning,
        "manifest " + shown + ": skipped " + std::to_string(manifest.bad_lines) + " lines that describe no photo; " +
            manifest.first_problem);
  }
  for (ManifestEntry& entry : manifest.entries) {
    std::string path = path_below(folder, entry.file);
    listed.try_emplace(std::move(path), std::move(entry));
  }
}

Listed read_manifests(const std::filesystem::path& root, const FolderTree& tree, const FolderLimits& limits,
                      const LogSink& log) {
  Listed listed;
  for (const TreeFolder& folder : tree.folders) {
    for (const std::string& name : folder.manifests)
      read_manifest(root, folder.path, name, limits, log, listed);
  }
  return listed;
}

FolderPhoto photo_of_entry(std::string path, ManifestEntry entry) {
  FolderPhoto photo;
  photo.path = std::move(path);
  photo.id = std::move(entry.id);
  photo.title = std::move(entry.title);
  photo.owner = std::move(entry.owner);
  photo.license = std::move(entry.license);
  photo.uploaded = entry.uploaded;
  append_tags(photo.tags, entry.tags);
  photo.has_words = !photo.tags.empty() || !photo.title.empty();
  return photo;
}

// ---- the other photos

// A photo whose words are still to be read, in any thread.
struct Unlisted {
  const TreeFolder* folder;
  const std::string* name;
};

void merge(PhotoWords& words, const PhotoWords& more) {
  if (words.title.empty()) words.title = more.title;
  if (words.description.empty()) words.description = more.description;
  for (const std::string& tag : more.tags)
    add_tag(words, tag);
}

Result<PhotoWords> read_sidecar(const std::filesystem::path& file, std::string_view ending) {
  const Result<std::string> text = read_text_file(file, kMaxSidecarBytes);
  if (!text) return text.error();
  if (ending == ".json") return parse_json_sidecar(*text);
  if (ending == ".xmp") return parse_xmp_sidecar(*text);
  return parse_text_sidecar(*text);
}

PhotoWords sidecar_words(const std::filesystem::path& root, const Unlisted& photo) {
  PhotoWords words;
  const std::vector<std::string>& beside = photo.folder->sidecars;
  if (beside.empty()) return words;
  for (const std::string_view ending : {".json", ".xmp", ".txt"}) {
    for (const std::string& base : {*photo.name, stem_of(*photo.name)}) {
      const std::string name = base + std::string(ending);
      if (!std::binary_search(beside.begin(), beside.end(), name)) continue;
      if (const auto found = read_sidecar(root / photo.folder->path / name, ending)) merge(words, *found);
    }
  }
  return words;
}

void add_names(FolderPhoto& photo, const Unlisted& unlisted) {
  append_tags(photo.tags, tags_of_name(stem_of(*unlisted.name)));
  const std::vector<std::string> steps = split(unlisted.folder->path, '/');
  for (auto step = steps.rbegin(); step != steps.rend(); ++step)
    append_tags(photo.tags, tags_of_name(*step));
}

FolderPhoto photo_of_words(const Unlisted& unlisted, PhotoWords words) {
  FolderPhoto photo;
  photo.path = path_below(unlisted.folder->path, *unlisted.name);
  // Photo services export the file's name as the title; it says no more than the name does.
  if (is_photo_name(words.title)) words.title.clear();
  photo.title = !words.title.empty() ? words.title : words.description;
  photo.has_words = !photo.title.empty();
  if (photo.title.empty()) photo.title = terminal_safe(stem_of(*unlisted.name));
  append_tags(photo.tags, words.tags);
  append_tags(photo.tags, tags_of_sentence(words.title));
  append_tags(photo.tags, tags_of_sentence(words.description));
  add_names(photo, unlisted);
  photo.has_words = photo.has_words || !photo.tags.empty();
  photo.description = std::move(words.description);
  return photo;
}

// Reads the unlisted photos' words with several threads: mostly system calls, and the order does not matter.
class UnlistedReader {
 public:
  UnlistedReader(const std::filesystem::path& root, const std::vector<Unlisted>& photos, const FolderLimits& limits)
      : root_(root), photos_(photos), results_(photos.size()), deadline_(Clock::now() + limits.keyword_time) {}

  std::vector<FolderPhoto> run() {
    const size_t wanted = photos_.size() / kPhotosForOneThread;
    const size_t cores = std::max(1u, std::thread::hardware_concurrency());
    std::vector<std::jthread> helpers;
    const size_t most = std::min(wanted, std::min<size_t>(cores, 4) - 1);
    while (helpers.size() < most && start_if_possible(helpers, [this] { work(); })) {
    }
    work();
    helpers.clear();
    return std::move(results_);
  }

  int64_t keywords_not_read() const { return late_; }
  int64_t keywords_broken() const { return broken_; }

 private:
  void work() {
    for (size_t i = next_++; i < photos_.size(); i = next_++)
      results_[i] = read(photos_[i]);
  }

  FolderPhoto read(const Unlisted& photo) {
    PhotoWords words = sidecar_words(root_, photo);
    if (Clock::now() > deadline_) {
      ++late_;
    } else if (const auto found = embedded_keywords(root_ / photo.folder->path / *photo.name)) {
      merge(words, *found);
    } else {
      ++broken_;
    }
    return photo_of_words(photo, std::move(words));
  }

  const std::filesystem::path& root_;
  const std::vector<Unlisted>& photos_;
  std::vector<FolderPhoto> results_;
  const Clock::time_point deadline_;
  std::atomic<size_t> next_ = 0;
  std::atomic<int64_t> late_ = 0;
  std::atomic<int64_t> broken_ = 0;
};

std::vector<FolderPhoto> read_unlisted(const std::filesystem::path& root, const std::vector<Unlisted>& photos,
                                       const FolderLimits& limits, const LogSink& log) {
  UnlistedReader reader(root, photos, limits);
  std::vector<FolderPhoto> read = reader.run();
  if (reader.keywords_not_read() > 0) {
    say(log, LogLevel::warning,
        "keywords inside " + std::to_string(reader.keywords_not_read()) + " of " + std::to_string(photos.size()) +
            " photos were not read, it took too long: list them in a manifest (*.jsonl)");
  }
  if (reader.keywords_broken() > 0) {
    say(log, LogLevel::warning, "keywords inside " + std::to_string(reader.keywords_broken()) + " photos are damaged");
  }
  return read;
}

// ---- all together

void warn_of_walk(const FolderTree& tree, const FolderLimits& limits, const LogSink& log) {
  if (tree.unreadable > 0) {
    say(log, LogLevel::warning, std::to_string(tree.unreadable) + " folders could not be read and are left out");
  }
  if (tree.cut_short) {
    say(log, LogLevel::warning,
        "photos are left out: more than " + std::to_string(limits.max_photos) +
            " of them, or folders nested too deeply");
  }
}

void give_ids(std::vector<FolderPhoto>& photos) {
  std::unordered_set<std::string> taken;
  for (FolderPhoto& photo : photos) {
    if (!photo.id.empty() && taken.insert(photo.id).second) continue;
    photo.id = id_of_path(photo.path);
    while (!taken.insert(photo.id).second)
      photo.id += '%';  // a manifest gave this very path to another photo
  }
}

void put_in_order(std::vector<FolderPhoto>& photos) {
  std::sort(photos.begin(), photos.end(), [](const FolderPhoto& a, const FolderPhoto& b) {
    if (a.uploaded != b.uploaded) return a.uploaded > b.uploaded;  // no date sorts last
    const uint64_t a_key = shuffle_key(a.id);
    const uint64_t b_key = shuffle_key(b.id);
    return a_key != b_key ? a_key < b_key : a.id < b.id;
  });
}

}  // namespace

Result<FolderCollection> read_folder(const std::filesystem::path& folder, const LogSink& log,
                                     const FolderLimits& limits) {
  std::error_code error;
  FolderCollection collection;
  collection.root = std::filesystem::absolute(folder, error).lexically_normal();
  const Result<FolderTree> tree = walk_folder(collection.root, limits.max_photos);
  if (!tree) return tree.error();
  warn_of_walk(*tree, limits, log);
  if (tree->photos == 0) {
    return Error{ErrorCode::not_found,
                 "no photos in " + terminal_safe(folder.string()) +
                     " (looked for .jpg, .jpeg, .png, .webp and .gif files, also in its folders)"};
  }
  Listed listed = read_manifests(collection.root, *tree, limits, log);
  std::vector<Unlisted> unlisted;
  for (const TreeFolder& at : tree->folders) {
    for (const std::string& name : at.photos) {
      auto found = listed.extract(path_below(at.path, name));
      if (found) {
        collection.photos.push_back(photo_of_entry(std::move(found.key()), std::move(found.mapped())));
      } else {
        unlisted.push_back({&at, &name});
      }
    }
  }
  if (!listed.empty()) {
    say(log, LogLevel::warning,
        std::to_string(listed.size()) + " photos of the manifests are not there, such as " +
            terminal_safe(listed.begin()->first));
  }
  for (FolderPhoto& photo : read_unlisted(collection.root, unlisted, limits, log)) {
    collection.photos.push_back(std::move(photo));
  }
  give_ids(collection.photos);
  put_in_order(collection.photos);
  return collection;
}

}  // namespace lookalike

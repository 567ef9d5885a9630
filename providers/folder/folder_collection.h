// A directory tree of photos with all that is known of each: from manifests, from files beside the photos, from
// keywords inside them, and from the names of folders and files.
// A manifest (*.jsonl) has the only word on the photos that it lists; the other photos get their tags from the rest.
// Order: newest first where upload dates are known, the others after them in an order that looks random but is the
// same each time, so that a search's first page does not come from one sub-folder alone.
// Cost: 800 photos with sidecars about 25 ms, a manifest of 4,000 about 50 ms (warm cache, two cores).
// Threads: read_folder starts its own and joins them; a collection is constant.
// Tested by tests/providers/folder/folder_collection_test.cc
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/log.h"
#include "core/base/photo.h"
#include "core/base/result.h"

namespace lookalike {

struct FolderPhoto {
  std::string path;  // relative to the root, raw bytes
  std::string id;    // unique; the manifest's, else the path with '%' and what is not UTF-8 percent-encoded
  std::string title;
  std::string description;
  std::string owner;
  License license;
  std::optional<int64_t> uploaded;  // Unix seconds
  std::vector<std::string> tags;
  bool has_words = false;  // something is said of it, be it only by the name of its folder
};

struct FolderCollection {
  std::filesystem::path root;  // absolute
  std::vector<FolderPhoto> photos;
};

struct FolderLimits {
  int64_t max_photos = 1'000'000;
  int64_t max_manifest_bytes = 256 << 20;
  // Keywords inside the photos are no longer read after this time (with a warning): opening a million files takes long.
  std::chrono::milliseconds keyword_time{5'000};
};

// Errors: not_found (no such folder, no photos in it). What is skipped is logged as a warning with its count.
Result<FolderCollection> read_folder(const std::filesystem::path& folder, const LogSink& log,
                                     const FolderLimits& limits = {});

}  // namespace lookalike

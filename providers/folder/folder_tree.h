// Walks a directory tree for photos and the files beside them.
// Symbolic links are followed, but no directory is entered twice (by device and inode), so loops end.
// Hidden files and folders are skipped and counted; names are any bytes; what cannot be read is counted.
// Order: by folder and name, bytewise, so that two walks of one tree agree.
// Cost: one readdir pass, a stat only for links and for what the file system gives no type of.
// Threads: free function without state.
// Tested by tests/providers/folder/folder_tree_test.cc
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

struct TreeFolder {
  std::string path;                    // relative to the root; empty for the root itself
  std::vector<std::string> photos;     // names, sorted
  std::vector<std::string> sidecars;   // .txt .json .xmp, sorted
  std::vector<std::string> manifests;  // .jsonl, sorted
};

struct FolderTree {
  std::vector<TreeFolder> folders;  // depth first by name, what links lead to last
  int64_t photos = 0;
  int64_t hidden = 0;      // files and folders
  int64_t others = 0;      // files that are no photos by their names
  int unreadable = 0;      // folders that could not be opened
  bool cut_short = false;  // there were more photos than max_photos, or folders nested deeper than 64
};

// "jpg jpeg jpe jfif png webp gif", in any case.
bool is_photo_name(std::string_view name);

// Errors: not_found (no such directory, not a directory, not allowed).
// Not `recursive`: only the folder itself.
Result<FolderTree> walk_folder(const std::filesystem::path& root, int64_t max_photos = 1'000'000,
                               bool recursive = true);

}  // namespace lookalike

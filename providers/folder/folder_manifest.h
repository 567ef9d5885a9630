// Reads a manifest of photos: JSON Lines, one photo a line, with file, id, title, tags, owner, license, dateupload.
// Untrusted input: a line that is no photo is skipped and counted; `file` stays inside the manifest's folder.
// Threads: free functions without state.
// Tested by tests/providers/folder/folder_manifest_test.cc; fuzzed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/photo.h"
#include "core/base/result.h"

namespace lookalike {

struct ManifestEntry {
  std::string file;  // relative to the manifest's folder, normalised: no "..", no leading '/'
  std::string id;    // empty: none given
  std::string title;
  std::string owner;
  License license;                  // digits are read as Flickr's ids; other text is the name
  std::optional<int64_t> uploaded;  // Unix seconds
  std::vector<std::string> tags;
};

struct Manifest {
  std::vector<ManifestEntry> entries;
  int bad_lines = 0;
  std::string first_problem;  // "line 3: …"; empty when every line is a photo
};

Manifest parse_manifest(std::string_view text);

// One line. Errors: bad_data with what is wrong.
Result<ManifestEntry> parse_manifest_line(std::string_view line);

// `file` without "." and doubled slashes. Nothing when it leads out of the folder, is absolute, or names no file.
std::optional<std::string> path_inside(std::string_view file);

}  // namespace lookalike

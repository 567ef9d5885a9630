// The images that a run is for: from arguments, from directories, from lists in files or on standard input.
// Hidden files and what is no photo by its name are skipped and counted; links are followed, but no directory is
// entered twice; a name may hold any bytes. A list may come from Windows (file.h) or have blanks behind a name. An
// image that is named twice is searched for once. The order is the arguments', then the lists'; in directories by
// folder and name.
// Cost: all names are in memory: about 100 bytes an image.
// Threads: one.
// Tested by tests/cli/batch/batch_input_test.cc
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/options/options.h"
#include "core/base/files/input.h"
#include "core/base/result.h"

namespace lookalike {

struct BatchInput {
  std::vector<std::string> images;  // paths, addresses, '-'
  bool from_folders = false;        // or from lists: that there is just one of them is chance
  int64_t hidden = 0;
  int64_t no_images = 0;
  int64_t unreadable = 0;  // directories
  int64_t repeated = 0;
  int64_t elsewhere = 0;  // in other shards

  // "3 hidden and 2 other files skipped"; empty when there is nothing to say.
  std::string skipped() const;
};

// Errors: not_found (no such list, a directory without photos, a list without a name).
Result<BatchInput> collect_images(const SearchCommandOptions& options, const InputPatience& patience = {});

}  // namespace lookalike

// Reads the label files of Open Images: which labels people confirmed for which photo.
// Labels: lines "ImageID,Source,LabelName,Confidence" under a header; confidence 1 is a label that is there, 0 one that
// is not. Class names: lines "LabelName,Display name". Fields may be quoted.
// Source: Kuznetsova et al., "The Open Images Dataset V4", IJCV 2020; its annotation files.
// Threads: free functions without state.
// Tested by tests/core/eval/open_images_test.cc
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

struct LabelledImage {
  std::string id;  // its file is <id>.jpg
  std::vector<std::string> labels;
};

// In the order of first mention; a label without a name in `class_names` keeps its own ("/m/04hgtk"). Images without a
// confirmed label are left out, as are lines that are none. Errors: bad_data when there is no label at all.
Result<std::vector<LabelledImage>> parse_open_images(std::string_view labels, std::string_view class_names);

// One line of comma-separated values. "a,""b""" is a and "b".
std::vector<std::string> csv_fields(std::string_view line);

}  // namespace lookalike

// What stands beside a photo in a file of its own: a .txt, .json or .xmp with the photo's name.
// Text: the first line describes the photo (as beside Debian's tuxpaint stamps, whose further lines are translations);
// a list of short parts between commas is a list of tags. JSON: title or name, description, tags or keywords.
// XMP: dc:title, dc:description, dc:subject and what photo managers add (by exiv2).
// Untrusted input: bounded, never an exception.
// Threads: free functions; any number at once.
// Tested by tests/providers/folder/sidecar_test.cc; fuzzed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

// Words about one photo. Every string is valid UTF-8, the tags are fit for a terminal and without doubles.
struct PhotoWords {
  std::string title;
  std::string description;
  std::vector<std::string> tags;

  bool empty() const { return title.empty() && description.empty() && tags.empty(); }
};

// Bounded: at most 500 tags of at most 200 bytes.
void add_tag(PhotoWords& words, std::string_view tag);

PhotoWords parse_text_sidecar(std::string_view text);
// Errors: bad_data.
Result<PhotoWords> parse_json_sidecar(std::string_view text);
Result<PhotoWords> parse_xmp_sidecar(std::string_view text);

}  // namespace lookalike

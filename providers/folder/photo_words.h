// What is said of a photo, beside it in a file of its own, or inside it.
// Beside it: a .txt, .json or .xmp with the photo's name. Text: the first line describes the photo (as beside Debian's
// tuxpaint stamps, whose further lines are translations); a list of short parts between commas is a list of tags. JSON:
// title or name, description, tags or keywords. XMP: dc:title, dc:description, dc:subject and what photo managers add.
// Inside it: what photo managers write into JPEG, PNG and WebP files, IPTC and XMP, by exiv2. Most files hold none, and
// exiv2 is slow to say so: a look at the file's segments (a few reads, no parsing) comes first, and only files that can
// hold keywords are given to exiv2.
// Untrusted input: bounded; exiv2's exceptions end here and its messages are muted.
// Threads: free functions; any number at once.
// Tested by tests/providers/folder/sidecar_test.cc, embedded_keywords_test.cc; fuzzed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

// What is said of one photo. Every string is valid UTF-8, the tags are fit for a terminal and without doubles.
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

// False when the file surely has neither IPTC nor XMP, cannot be read, or is of another format.
bool may_hold_keywords(const std::filesystem::path& image);
// Empty when there are none. Errors: bad_data (what exiv2 says).
Result<PhotoWords> embedded_keywords(const std::filesystem::path& image);
// An XMP document, as in a .xmp file. Errors: bad_data.
Result<PhotoWords> parse_xmp_packet(std::string_view packet);

}  // namespace lookalike

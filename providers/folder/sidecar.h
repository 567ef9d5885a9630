// What stands beside a photo in a file of its own: a .txt, .json or .xmp with the photo's name.
// Text: the first line describes the photo (as beside Debian's tuxpaint stamps, whose further lines are translations);
// a list of short parts between commas is a list of tags. JSON: title or name, description, tags or keywords.
// XMP: dc:title, dc:description, dc:subject and what photo managers add (by exiv2).
// Untrusted input: bounded, never an exception.
// Threads: free functions; any number at once.
// Tested by tests/providers/folder/sidecar_test.cc; fuzzed.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "providers/folder/words.h"

namespace lookalike {

PhotoWords parse_text_sidecar(std::string_view text);
// Errors: bad_data.
Result<PhotoWords> parse_json_sidecar(std::string_view text);
Result<PhotoWords> parse_xmp_sidecar(std::string_view text);

}  // namespace lookalike

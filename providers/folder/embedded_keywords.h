// Titles, captions and keywords that photo managers write into the picture files themselves: IPTC and XMP, by exiv2.
// Most files hold none, and exiv2 is slow to say so: a look at the file's segments (a few reads, no parsing) comes
// first, and only files that can hold keywords are given to exiv2.
// Formats: JPEG, PNG, WebP. Untrusted input; exiv2's exceptions end here and its messages are muted.
// Threads: free functions; any number at once.
// Tested by tests/providers/folder/embedded_keywords_test.cc
#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/result.h"
#include "providers/folder/words.h"

namespace lookalike {

// False when the file surely has neither IPTC nor XMP, cannot be read, or is of another format.
bool may_hold_keywords(const std::filesystem::path& image);

// Empty when there are none. Errors: bad_data (what exiv2 says).
Result<PhotoWords> embedded_keywords(const std::filesystem::path& image);

// An XMP document, as in a .xmp file. Errors: bad_data.
Result<PhotoWords> parse_xmp_packet(std::string_view packet);

}  // namespace lookalike

// Flickr's licence ids: what they are called, and which ids a --license list means.
// Source: flickr.photos.licenses.getInfo; 1 to 6 are version 2.0, 11 to 16 version 4.0 of the Creative Commons
// licences. Threads: free functions without state. Tested by tests/providers/flickr/flickr_license_test.cc
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/photo.h"
#include "core/base/result.h"

namespace lookalike {

// "4" -> CC BY 2.0 with its URL. Nothing for an id that is not in the table.
std::optional<License> flickr_license(std::string_view id);

// The ids that a --license list means: names (license_names.h; each means every version) and Flickr's own ids ("4,5").
// Sorted, without doubles; empty for an empty list. Errors: usage, with the names there are.
Result<std::vector<int>> flickr_license_ids(std::string_view list);

}  // namespace lookalike

// Flickr's licence ids: what they are called, and which ids a --license list means.
// Source: flickr.photos.licenses.getInfo; 1 to 6 are version 2.0, 11 to 16 version 4.0 of the Creative Commons
// licences. Threads: free functions without state. Tested by tests/providers/flickr_license_test.cc
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

// The ids of a comma-separated list of Flickr ids ("4,5") and names: cc0, pdm, by, by-sa, by-nc, by-nd, by-nc-sa,
// by-nc-nd, no-known, us-gov. "commercial" and "modify" keep of the others (of all, when alone) what allows that use.
// Sorted, without doubles; empty for an empty list. Errors: usage, with the names there are.
Result<std::vector<int>> flickr_license_ids(std::string_view list);

}  // namespace lookalike

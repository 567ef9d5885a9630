// Whether two descriptions are of one photo, also when they come from different sources: Flickr itself and an
// aggregator that lists Flickr's photos, say.
// Threads: free functions without state. Cost: O(length).
// Tested by tests/core/base/photo_identity_test.cc
#pragma once

#include <string>

#include "core/base/photo.h"

namespace lookalike {

// The same for the same photo of the same source.
std::string photo_key(const Photo& photo);

// The same for the same photo page, however it is written: without scheme, "www.", query, fragment and last slash.
// Of Flickr's pages only the photo's number counts, since an owner has two names there. Empty when there is no page.
std::string page_key(const Photo& photo);

}  // namespace lookalike

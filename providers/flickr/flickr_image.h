// Flickr's image server, which other sources' photos are on as well.
// Source: https://www.flickr.com/services/api/misc.urls.html (…/{server}/{id}_{secret}_{size}.jpg; an original's secret
// is another one). Threads: free functions without state. Tested by tests/providers/flickr/flickr_image_test.cc
#pragma once

#include <string>
#include <string_view>

#include "core/http/host_policy.h"

namespace lookalike {

// How gently the server is treated.
HostPolicy flickr_image_policy();

// The address of the same photo at 320 pixels on its longest side; empty when the address is not that of a photo there,
// or is that of an original.
std::string small_flickr_image(std::string_view url);

}  // namespace lookalike

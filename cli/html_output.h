// Results as one self-contained web page: thumbnails that link to the photo pages, with title, owner and licence.
// Every text is escaped, and only http, https and file addresses become links.
// Tested by tests/cli/html_output_test.cc
#pragma once

#include <span>
#include <string>

#include "cli/report.h"

namespace lookalike {

// At most 30 photos of a query are shown, as Flickr's terms ask; the notice that a source asks for stands below.
std::string html_page(std::span<const SearchReport> reports);

}  // namespace lookalike

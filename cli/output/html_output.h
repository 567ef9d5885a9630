// Results as one self-contained web page: thumbnails that link to the photo pages, with title, owner and licence.
// Every text is escaped, and only http, https and file addresses become links.
// Tested by tests/cli/output/html_output_test.cc
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output/report.h"

namespace lookalike {

struct HtmlFile {
  std::string name;  // without its folder
  std::string page;
};

// How many photos may stand on one page, when one of these sources ("flickr", or several with commas between) has terms
// about that; nothing: any number.
std::optional<size_t> photos_on_page(std::string_view providers);

// One page, as far as the photos may stand on one; it says so when there are more. The notice that a source asks for
// stands below.
std::string html_page(std::span<const SearchReport> reports);

// All photos, on as many pages as it takes, each linked to the others. The first is called `name`.
std::vector<HtmlFile> html_files(std::span<const SearchReport> reports, const std::string& name);

// The second page beside "found.html" is "found-2.html". Never longer than a name may be.
std::string html_file_name(const std::string& name, size_t number);

}  // namespace lookalike

// A report in each of the output formats, each in a file of its own: for people (table_output.cc, explanation.cc), as
// JSON (json_output.cc) and as a web page (html_output.cc).
// Threads: free functions without state.
// Tested by tests/cli/output/table_output_test.cc, explanation_test.cc, json_output_test.cc and html_output_test.cc
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console/terminal.h"
#include "core/base/text/json_writer.h"
#include "cli/output/report.h"

namespace lookalike {

// FOR PEOPLE. Text from outside is stripped of everything that could steer the terminal.

// For each photo a line with rank, likeness (or the score of the user's own), title and owner, and the page to open
// under it.
std::string table_document(const SearchReport& report, const Terminal& terminal);

// One line on what it took: "108 photos scored, 57 calls, 110 images, 3.4 MB, 2.1 s; stopped by max_images".
std::string run_summary(const SearchReport& report);

// How a search went about it: what it asked, in order of time, and what came of it; then the tags by mean score. A line
// for each query, of 79 columns. REQUIRES: made with --explain
std::string explanation(const SearchReport& report, const Terminal& terminal);

// JSON: the documents of docs/formats.md, schema "lookalike/1", without a newline at the end. Numbers are finite and
// text is valid UTF-8, whatever the source said.

std::string json_document(const SearchReport& report, JsonStyle style);
std::string json_document(const FailedQuery& failure, JsonStyle style);

// HTML: one self-contained web page, or several: thumbnails that link to the photo pages, with title, owner and
// licence. Every text is escaped, and only http, https and file addresses become links.

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

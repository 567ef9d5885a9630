// Results for a person at a terminal: a line with rank, likeness (or the score of the user's own), title and owner, and
// the page to open under it.
// Text from outside is stripped of everything that could steer the terminal.
// Tested by tests/cli/output/table_output_test.cc
#pragma once

#include <string>

#include "cli/output/report.h"
#include "cli/output/terminal.h"

namespace lookalike {

std::string table_document(const SearchReport& report, const Terminal& terminal);
// One line on what it took: "108 photos scored, 57 calls, 110 images, 3.4 MB, 2.1 s; stopped by max_images".
std::string run_summary(const SearchReport& report);

}  // namespace lookalike

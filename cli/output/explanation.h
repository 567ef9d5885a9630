// How a search went about it, for a person at a terminal: what it asked, in order of time, and what came of it; then
// the tags by mean score. A line a query, of 79 columns. Text from outside is stripped of everything that could steer
// the terminal. Tested by tests/cli/output/explanation_test.cc
#pragma once

#include <string>

#include "cli/output/report.h"
#include "cli/output/terminal.h"

namespace lookalike {

// REQUIRES: made with --explain
std::string explanation(const SearchReport& report, const Terminal& terminal);

}  // namespace lookalike

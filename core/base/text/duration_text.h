// Durations as a person reads them.
// Threads: free functions without state.
// Tested by tests/core/base/text/duration_text_test.cc
#pragma once

#include <chrono>
#include <string>

namespace lookalike {

// "12 min 30 s", "1 h 5 min", "3 s"; rounded up to whole seconds, so that who waits so long has waited long enough.
// From an hour on to whole minutes. Nothing and less is "0 s".
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace lookalike

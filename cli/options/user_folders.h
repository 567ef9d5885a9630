// Where the program keeps what is not a network: state that is shared between runs, and the usual place of a cache.
// Source: XDG Base Directory Specification 0.8.
// Tested by tests/cli/options/user_folders_test.cc
#pragma once

#include <filesystem>

#include "cli/options/api_keys.h"

namespace lookalike {

// $XDG_STATE_HOME/lookalike, else ~/.local/state/lookalike; empty when no home directory is known.
std::filesystem::path state_folder(const Environment& environment);
// $XDG_CACHE_HOME/lookalike, else ~/.cache/lookalike; likewise.
std::filesystem::path cache_folder(const Environment& environment);

}  // namespace lookalike

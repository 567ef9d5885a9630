// What a search does where the user leaves it open: which strategy, how many calls and images, and which photos on
// this disk it looks at besides those that words find.
//
// A source on this disk knows all its photos, so they need not be found by words. Up to kWholeFolder of them are all
// looked at, whatever they are called; more are guided by words, with a fair share of the looks for those that have
// none: as large as their share of the photos. Budgets, a strategy or a scoring program that the user gives are
// obeyed. A copy of the query image's file, byte for byte, is looked at first in any case.
//
// Threads: free functions without state.
// Tested by tests/cli/wiring/search_plan_test.cc and command_folder_test.cc
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>

#include "cli/options/options.h"
#include "cli/wiring/search_budgets.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/search/session/listed_looks.h"
#include "core/search/session/search_outcome.h"
#include "core/search/strategies/strategy.h"

namespace lookalike {

inline constexpr size_t kWholeFolder = 2000;
struct SearchPlan {
  const Strategy* strategy = nullptr;
  int max_calls = 0;
  int max_images = 0;
  size_t local_photos = 0;  // that can be listed
  bool only_local = false;  // there is no other source
  bool whole = false;       // all of them are looked at
  bool left_open = false;   // the user gave neither budgets nor a strategy
};

// REQUIRES: the parser checked the strategy's name
// Errors: usage ("all" with a source that cannot list its photos).
Result<SearchPlan> plan_search(const SearchCommandOptions& options, const SearchBudgets& budgets,
                               const Provider& provider, size_t whole_folder = kWholeFolder);

// `query`: the file of the query image, if there is one.
ListedPhotos listed_photos(const SearchPlan& plan, const Provider& provider, const std::optional<FileIdentity>& query,
                           const std::stop_token& stop);

// The name as JSON has it: "all+adaptive" where a folder is searched whole beside services.
std::string strategy_text(const SearchPlan& plan);

// One line for a search that did not look at every photo on this disk though it was left open to, and what would.
std::optional<std::string> unseen_text(const SearchPlan& plan, const SearchOutcome& outcome);

}  // namespace lookalike

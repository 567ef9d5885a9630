// What a search may spend: what the user says, else what its sources' usual budgets and --effort say.
// The usual budgets are counts, so that a search repeats; time only stops what goes wrong.
// Tested by tests/cli/wiring/search_budgets_test.cc
#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "cli/options/options.h"
#include "providers/registry.h"

namespace lookalike {

struct SearchBudgets {
  int max_calls = 0;
  int max_images = 0;
  // Of a search for one image at services, where --time-limit says nothing and --on-quota does not ask to wait.
  std::optional<std::chrono::seconds> backstop;
};

// For a run over so many images. With several sources the fewest calls and the most images of any service: each call
// goes to all of them, and what they list is looked at together. A folder beside them has looks of its own
// (search_plan.h). REQUIRES: the sources are known (find_provider)
SearchBudgets search_budgets(const SearchCommandOptions& options, std::span<const ProviderSettings> sources,
                             size_t images);

}  // namespace lookalike

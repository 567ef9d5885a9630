// The strategies of the command line: what each is called, how it is made, and how it asks.
// Adding one: a planner in a file of its own (planner.h), and a line in strategy.cc.
// Tested by tests/core/search/strategies/strategy_test.cc
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/search/strategies/planner.h"

namespace lookalike {

// Whose word vectors a strategy makes use of (StrategySetup::words).
enum class WordsUsed {
  none,
  common,     // those that are built in (models/common_words.h), so that it finds the same everywhere
  installed,  // those of `lookalike models pull glove`, if they are there
};

struct Strategy {
  std::string_view name;
  std::string_view summary;  // one line for --help
  std::unique_ptr<Planner> (*make)(const StrategySetup& setup);
  int photos_per_call;
  // Photos are asked for as of a random moment this long before now, one for each tag; zero asks for the newest.
  std::chrono::hours upload_span;
  bool split_synonyms;  // "tabby, tabby cat" is asked as "tabby", then "tabby cat" if that was empty; else as one text
  bool sees_all_photos = false;  // chooses among all photos that are known, not tag by tag
  bool waits_for_query = false;  // begins with all first queries, so not before the query image is described
  WordsUsed words = WordsUsed::none;
  bool asks_families = false;  // the first queries are classes and their families (first_queries.h)
  bool only_listed = false;    // asks for nothing: looks at every photo that is listed (listed_looks.h)
  // What is asked for when the first queries lead nowhere, in this order.
  std::span<const char* const> general_words;
};

std::span<const Strategy> strategies();
// `all`: every photo of a source on this disk, whatever is said of it. Not among strategies(), since it never asks.
const Strategy& whole_strategy();
// `adaptive` without one of its parts each, for evaluation: "adaptive-no-families". Not among strategies().
std::span<const Strategy> adaptive_ablation();
// Errors: usage, with the names there are.
Result<const Strategy*> find_strategy(std::string_view name);

}  // namespace lookalike

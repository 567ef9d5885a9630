// The groups of options that several commands share, for CLI11, and what the values of options may be.
// Threads: free functions without state.
// Tested by tests/cli/options/option_groups_test.cc
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cli/options/options.h"

namespace lookalike {

void add_source_options(CLI::App& app, SourceOptions& source);
void add_model_options(CLI::App& app, ModelOptions& model);
void add_network_options(CLI::App& app, NetworkOptions& network);
void add_cache_options(CLI::App& app, CacheOptions& cache);
void add_batch_options(CLI::App& app, BatchOptions& batch);
// Also --config, --help and --version.
void add_general_options(CLI::App& app, GeneralOptions& general);

// A value that is one of a few words; another is answered with the nearest.
CLI::Validator one_of(std::vector<std::string> words);

// Likewise, with what CLI11 takes for each instead of the word: the number of an enumeration's value.
CLI::Validator one_of_numbers(std::map<std::string, int> words);

template <typename Value>
CLI::Validator one_of(const std::map<std::string, Value>& words) {
  static_assert(std::is_enum_v<Value>);
  std::map<std::string, int> numbers;
  for (const auto& [word, value] : words)
    numbers[word] = static_cast<int>(value);
  return one_of_numbers(std::move(numbers));
}

// "3600"; "off" is 0. Nothing when it is neither a number from 1 to a billion nor off.
std::optional<int> parse_hourly_calls(std::string_view text);

}  // namespace lookalike

// An option whose value is one of a few words; another is answered with the nearest.
// Threads: free functions without state.
// Tested by tests/cli/options/command_line_test.cc and command_help_test.cc
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace lookalike {

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

}  // namespace lookalike

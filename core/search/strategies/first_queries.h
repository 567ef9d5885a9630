// What a search asks for first: the classes that the network sees in the query image, and for strategies that want them
// the families of those classes. A class name is seldom a tag ("golden retriever"), its family's word often is ("dog");
// and where the network wavers between many breeds it is sure of the family. For the others the family is the last
// resort, when a class brought nothing by any of its names.
// A query is worth the information it carries if it is right: the probability of what it stands for, times the
// logarithm of how many classes it rules out.
// Threads: free functions without state.
// Tested by tests/core/search/strategies/first_queries_test.cc
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/network_spec.h"
#include "core/search/strategies/strategy.h"

namespace lookalike {

struct ClassGuess {
  std::string name;  // "tabby, tabby cat": synonyms
  double probability = 0;
  std::vector<ClassFamily> families;
};

// How many of the most probable classes are of use: the families' probabilities are sums over them.
inline constexpr int kClassesGuessed = 60;

// First queries in order of preference, each a list of alternatives: the next is tried when the one before brought
// nothing. `guesses` are in order of probability.
std::vector<std::vector<std::string>> first_queries(std::span<const ClassGuess> guesses, const Strategy& strategy);

// A class name of the network as queries, the first to be tried first: alternatives for one and the same thing.
std::vector<std::string> class_queries(std::string_view class_name, bool split_synonyms);

}  // namespace lookalike

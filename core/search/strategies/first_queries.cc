#include "core/search/strategies/first_queries.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

// As many as the original program asks for, and two more where families stand beside the classes.
constexpr size_t kClassQueries = 10;
constexpr size_t kQueriesWithFamilies = 12;
constexpr double kClasses = 1000;  // of ImageNet

struct Candidate {
  double information = 0;
  std::vector<std::string> alternatives;
};

double information(double probability, int classes) {
  return probability * std::log2(kClasses / std::max(1, classes));
}

std::vector<Candidate> candidates(std::span<const ClassGuess> guesses, bool split_synonyms) {
  struct Family {
    double probability = 0;
    int classes = 0;
  };
  std::vector<Candidate> all;
  std::map<std::string_view, Family> families;
  for (const ClassGuess& guess : guesses) {
    all.push_back({information(guess.probability, 1), class_queries(guess.name, split_synonyms)});
    for (const ClassFamily& family : guess.families) {
      families[family.word].probability += guess.probability;
      families[family.word].classes = family.classes;
    }
  }
  for (const auto& [word, family] : families)
    all.push_back({information(family.probability, std::max(2, family.classes)), {std::string(word)}});
  return all;
}

// A service may know no photo of the class by any of its names; its families are the last resort, narrowest first.
std::vector<std::string> queries_of(const ClassGuess& guess, const Strategy& strategy) {
  std::vector<std::string> queries = class_queries(guess.name, strategy.split_synonyms);
  if (!strategy.split_synonyms) return queries;
  for (const ClassFamily& family : guess.families)
    queries.emplace_back(family.word);
  return queries;
}

}  // namespace

std::vector<std::vector<std::string>> first_queries(std::span<const ClassGuess> guesses, const Strategy& strategy) {
  std::vector<std::vector<std::string>> queries;
  if (!strategy.asks_families) {
    for (const ClassGuess& guess : guesses.first(std::min(kClassQueries, guesses.size())))
      queries.push_back(queries_of(guess, strategy));
    return queries;
  }
  std::vector<Candidate> all = candidates(guesses, strategy.split_synonyms);
  std::stable_sort(all.begin(), all.end(),
                   [](const Candidate& a, const Candidate& b) { return a.information > b.information; });
  all.resize(std::min(all.size(), kQueriesWithFamilies));
  for (Candidate& candidate : all)
    queries.push_back(std::move(candidate.alternatives));
  return queries;
}

std::vector<std::string> class_queries(std::string_view class_name, bool split_synonyms) {
  if (!split_synonyms) {
    std::string text(class_name);
    std::erase(text, ',');
    return {text};
  }
  std::vector<std::string> queries;
  for (const std::string& part : split(class_name, ',')) {
    if (const auto synonym = trim(part); !synonym.empty()) queries.emplace_back(synonym);
  }
  return queries;
}

}  // namespace lookalike

#include "cli/query/class_guesses.h"

#include "models/labels.h"

namespace lookalike {

std::vector<ClassGuess> class_guesses(std::span<const ClassProbability> classes) {
  std::vector<ClassGuess> guesses;
  for (const ClassProbability& c : classes) {
    const auto families = families_of_class(c.name);
    guesses.push_back({c.name, c.probability, {families.begin(), families.end()}});
  }
  return guesses;
}

}  // namespace lookalike

#include "core/search/strategy.h"

#include <algorithm>
#include <array>

#include "core/search/adaptive_planner.h"
#include "core/search/classes_only_selector.h"
#include "core/search/clear_selector.h"
#include "core/search/epsilon_greedy_selector.h"
#include "core/search/greedy_selector.h"
#include "core/search/random_selector.h"
#include "core/search/thompson_selector.h"
#include "core/search/tiara_selector.h"
#include "core/search/ucb_selector.h"

namespace lookalike {
namespace {

constexpr std::chrono::hours kThreeYears{24 * 365 * 3};

// What the original program falls back on when it knows nothing else.
constexpr std::array kFallbackWords = {"town", "people", "cat", "car", "nature", "sea"};
// Words that many photos of every kind of service have, far apart from each other: a way out of wrong first queries.
constexpr std::array kGeneralWords = {"people",   "nature", "animal", "city", "car",   "sea",   "food", "flower",
                                      "building", "music",  "sport",  "art",  "house", "plant", "toy",  "cat"};

// For selectors that need no more than a seed.
template <std::unique_ptr<TagSelector> (*make)(uint64_t seed)>
std::unique_ptr<TagSelector> seeded(const SelectorSetup& setup) {
  return make(setup.seed);
}

// A bandit over tags, whose draws go as those of `greedy`, so that nothing but the choice of tags differs.
constexpr Strategy bandit(std::string_view name, std::string_view summary,
                          std::unique_ptr<TagSelector> (*make_selector)(const SelectorSetup&),
                          bool compares_words = false) {
  return {.name = name,
          .summary = summary,
          .make_selector = make_selector,
          .photos_per_call = 100,
          .upload_span = std::chrono::hours{0},
          .skip_repeated = true,
          .split_synonyms = true,
          .next_page = true,
          .bounded_draws = false,
          .compares_words = compares_words,
          .general_words = kFallbackWords};
}

constexpr std::array kStrategies = {
    Strategy{.name = "greedy",
             .summary = "the tag with the best mean score next",
             .make_selector = &seeded<make_greedy_selector>,
             .photos_per_call = 100,
             .upload_span = std::chrono::hours{0},
             .skip_repeated = true,
             .split_synonyms = true,
             .next_page = true,
             .bounded_draws = false,
             .general_words = kFallbackWords},
    Strategy{.name = "clear",
             .summary = "as the original program searches",
             .make_selector = &seeded<make_clear_selector>,
             .photos_per_call = 30,
             .upload_span = kThreeYears,
             .skip_repeated = false,
             .split_synonyms = false,
             .next_page = false,
             .bounded_draws = true,
             .general_words = kFallbackWords},
    Strategy{.name = "adaptive",
             .summary = "picks photos by all their tags",
             .make_planner = &make_adaptive_planner,
             .photos_per_call = 200,
             .upload_span = std::chrono::hours{0},
             .skip_repeated = true,
             .split_synonyms = true,
             .next_page = false,
             .bounded_draws = false,
             .asks_families = true,
             .general_words = kGeneralWords},
    bandit("ucb", "the tag with the highest upper confidence bound", &seeded<make_ucb_selector>),
    bandit("epsilon-greedy", "the best mean of asked tags, seldom any tag", &seeded<make_epsilon_greedy_selector>),
    bandit("thompson", "a tag by chance, as likely as it is the best", &seeded<make_thompson_selector>),
    bandit("tiara", "learns from the meaning of tags", &make_tiara_selector, true),
    bandit("tiara-s", "likewise, from asked tags only", &make_tiara_s_selector, true),
    bandit("random", "any known tag", &seeded<make_random_selector>),
    bandit("classes-only", "the first queries in turn",
           [](const SelectorSetup&) { return make_classes_only_selector(); }),
};

}  // namespace

std::span<const Strategy> strategies() {
  return kStrategies;
}

Result<const Strategy*> find_strategy(std::string_view name) {
  std::string names;
  for (const Strategy& strategy : kStrategies) {
    if (strategy.name == name) return &strategy;
    names += (names.empty() ? "" : ", ") + std::string(strategy.name);
  }
  return Error{ErrorCode::usage, "unknown strategy '" + std::string(name) + "': choose one of " + names};
}

}  // namespace lookalike

#include "core/search/strategy.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/search/adaptive_planner.h"
#include "core/search/clear_selector.h"
#include "core/search/greedy_selector.h"

namespace lookalike {
namespace {

constexpr std::chrono::hours kThreeYears{24 * 365 * 3};

constexpr std::array kStrategies = {
    Strategy{.name = "greedy",
             .summary = "the tag with the best mean score next",
             .make_selector = &make_greedy_selector,
             .photos_per_call = 100,
             .upload_span = std::chrono::hours{0},
             .skip_repeated = true,
             .split_synonyms = true,
             .next_page = true,
             .bounded_draws = false},
    Strategy{.name = "clear",
             .summary = "as the original program searches",
             .make_selector = &make_clear_selector,
             .photos_per_call = 30,
             .upload_span = kThreeYears,
             .skip_repeated = false,
             .split_synonyms = false,
             .next_page = false,
             .bounded_draws = true},
    Strategy{.name = "adaptive",
             .summary = "picks photos by all their tags",
             .make_planner = &make_adaptive_planner,
             .photos_per_call = 200,
             .upload_span = std::chrono::hours{0},
             .skip_repeated = true,
             .split_synonyms = true,
             .next_page = false,
             .bounded_draws = false},
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

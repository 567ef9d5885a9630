#include "core/search/strategies/strategy.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/text/nearest_word.h"
#include "core/search/bandits/classes_only_selector.h"
#include "core/search/bandits/clear_selector.h"
#include "core/search/bandits/draw_planner.h"
#include "core/search/bandits/epsilon_greedy_selector.h"
#include "core/search/bandits/greedy_selector.h"
#include "core/search/bandits/random_selector.h"
#include "core/search/bandits/thompson_selector.h"
#include "core/search/bandits/tiara_selector.h"
#include "core/search/bandits/ucb_selector.h"
#include "core/search/strategies/adaptive_planner.h"

namespace lookalike {
namespace {

constexpr std::chrono::hours kThreeYears{24 * 365 * 3};

// What the original program falls back on when it knows nothing else.
constexpr std::array kFallbackWords = {"town", "people", "cat", "car", "nature", "sea"};
// Words that many photos of every kind of service have, far apart from each other: a way out of wrong first queries.
constexpr std::array kCommonTags = {"people",   "nature", "animal", "city", "car",   "sea",   "food", "flower",
                                    "building", "music",  "sport",  "art",  "house", "plant", "toy",  "cat"};

using MakePlanner = std::unique_ptr<Planner> (*)(const StrategySetup& setup);

// A bandit over tags that needs no more than a seed.
template <std::unique_ptr<TagSelector> (*make)(uint64_t seed)>
std::unique_ptr<Planner> seeded(const StrategySetup& setup) {
  return make_draw_planner(make(setup.seed), {});
}

template <std::unique_ptr<TagSelector> (*make)(const StrategySetup& setup)>
std::unique_ptr<Planner> from_setup(const StrategySetup& setup) {
  return make_draw_planner(make(setup), {});
}

// As many draws as the original has rounds' worth of budget.
std::unique_ptr<Planner> make_clear(const StrategySetup& setup) {
  return make_draw_planner(
      make_clear_selector(setup.seed),
      {.skip_repeated = false, .next_page = false, .max_draws = std::max(setup.max_calls, setup.max_images)});
}

std::unique_ptr<Planner> make_classes_only(const StrategySetup&) {
  return make_draw_planner(make_classes_only_selector(), {});
}

// They ask alike, so that nothing but the choice of tags differs.
constexpr Strategy bandit(std::string_view name, std::string_view summary, MakePlanner make,
                          WordsUsed words = WordsUsed::none) {
  return {.name = name,
          .summary = summary,
          .make = make,
          .photos_per_call = 100,
          .upload_span = std::chrono::hours{0},
          .split_synonyms = true,
          .words = words,
          .general_words = kFallbackWords};
}

constexpr Strategy kAdaptive = {.name = "adaptive",
                                .summary = "picks photos by all their tags",
                                .make = [](const StrategySetup& setup) { return make_adaptive_planner(setup); },
                                .photos_per_call = 500,
                                .upload_span = std::chrono::hours{0},
                                .split_synonyms = true,
                                .sees_all_photos = true,
                                .words = WordsUsed::common,
                                .asks_families = true,
                                .general_words = kCommonTags};

// `adaptive` with other settings.
constexpr Strategy adaptive_with(std::string_view name, MakePlanner make) {
  Strategy strategy = kAdaptive;
  strategy.name = name;
  strategy.make = make;
  return strategy;
}

constexpr Strategy adaptive_asking(std::string_view name, bool families, int photos_per_call) {
  Strategy strategy = kAdaptive;
  strategy.name = name;
  strategy.asks_families = families;
  strategy.photos_per_call = photos_per_call;
  return strategy;
}

constexpr std::array kAblation = {
    adaptive_asking("adaptive-no-families", false, kAdaptive.photos_per_call),
    adaptive_asking("adaptive-30-a-call", true, 30),
    adaptive_asking("adaptive-200-a-call", true, 200),
    adaptive_with("adaptive-no-title",
                  [](const StrategySetup& setup) { return make_adaptive_planner(setup, {.word_value = 0}); }),
    adaptive_with("adaptive-full-title",
                  [](const StrategySetup& setup) { return make_adaptive_planner(setup, {.word_value = 1}); }),
    adaptive_with("adaptive-no-meanings",
                  [](const StrategySetup& setup) { return make_adaptive_planner(setup, {.meaning_value = 0}); }),
    adaptive_with("adaptive-fixed-prior",
                  [](const StrategySetup& setup) { return make_adaptive_planner(setup, {.brought_value = 0}); }),
    adaptive_with("adaptive-no-prior",
                  [](const StrategySetup& setup) {
                    return make_adaptive_planner(setup, {.brought_expected = 0, .brought_value = 0});
                  }),
    adaptive_with("adaptive-no-optimism",
                  [](const StrategySetup& setup) {
                    return make_adaptive_planner(setup, {.photo_optimism = 0, .tag_optimism = 0});
                  }),
    adaptive_with("adaptive-more-optimism",
                  [](const StrategySetup& setup) {
                    return make_adaptive_planner(setup, {.photo_optimism = 0.4, .tag_optimism = 1});
                  }),
    adaptive_with("adaptive-no-probes",
                  [](const StrategySetup& setup) { return make_adaptive_planner(setup, {.probes = false}); }),
    adaptive_with("adaptive-ridge-5",
                  [](const StrategySetup& setup) { return make_adaptive_planner(setup, {.ridge = 5}); }),
    adaptive_with("adaptive-ridge-45",
                  [](const StrategySetup& setup) { return make_adaptive_planner(setup, {.ridge = 45}); }),
};

class NoPlanner final : public Planner {
 public:
  void add_first_query(TagId) override {}
  void add_fallback(TagId) override {}
  std::optional<Step> next(const Room&) override { return std::nullopt; }
  void on_listing(const Listing&) override {}
  void on_look(const LookResult&) override {}
};

constexpr Strategy kWhole = {
    .name = "all",
    .summary = "every photo of a folder, whatever it is called",
    .make = [](const StrategySetup&) -> std::unique_ptr<Planner> { return std::make_unique<NoPlanner>(); },
    .photos_per_call = 1,
    .upload_span = std::chrono::hours{0},
    .split_synonyms = true,
    .sees_all_photos = true,
    .only_listed = true,
    .general_words = {}};

constexpr std::array kStrategies = {
    bandit("greedy", "the tag with the best mean score next", &seeded<make_greedy_selector>),
    Strategy{.name = "clear",
             .summary = "as the original program searches",
             .make = &make_clear,
             .photos_per_call = 30,
             .upload_span = kThreeYears,
             .split_synonyms = false,
             .waits_for_query = true,
             .general_words = kFallbackWords},
    kAdaptive,
    bandit("ucb", "the tag with the highest upper confidence bound", &seeded<make_ucb_selector>),
    bandit("epsilon-greedy", "the best mean of asked tags, now and then any tag",
           &seeded<make_epsilon_greedy_selector>),
    bandit("thompson", "a random tag, good ones more often", &seeded<make_thompson_selector>),
    bandit("tiara", "learns from the meaning of tags", &from_setup<make_tiara_selector>, WordsUsed::installed),
    bandit("tiara-s", "as tiara, learning only from tags it asked for", &from_setup<make_tiara_s_selector>,
           WordsUsed::installed),
    bandit("random", "any known tag", &seeded<make_random_selector>),
    bandit("classes-only", "the first queries in turn", &make_classes_only),
};

}  // namespace

std::span<const Strategy> strategies() {
  return kStrategies;
}

const Strategy& whole_strategy() {
  return kWhole;
}

std::span<const Strategy> adaptive_ablation() {
  return kAblation;
}

Result<const Strategy*> find_strategy(std::string_view name) {
  std::string list;
  std::vector<std::string> names;
  for (const Strategy& strategy : kStrategies) {
    if (strategy.name == name) return &strategy;
    names.emplace_back(strategy.name);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  return Error{ErrorCode::usage,
               "unknown strategy '" + std::string(name) + "': choose one of " + list + did_you_mean(name, names)};
}

}  // namespace lookalike

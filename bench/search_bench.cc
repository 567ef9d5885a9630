// What the engine's choices cost: a step of `adaptive` by photos known and scored, a draw of the tag selectors by tags
// known; and the score of one photo. A step is a choice and the report of how it ended.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/search/scoring/similarity.h"
#include "core/search/strategies/adaptive_planner.h"
#include "core/search/strategies/strategy.h"
#include "models/common_words.h"

namespace lookalike {
namespace {

constexpr size_t kTagsPerPhoto = 15;

std::vector<TagId> some_tags(Random& random, size_t tags) {
  std::vector<TagId> chosen;
  while (chosen.size() < kTagsPerPhoto) {
    // Few tags are on many photos, many on few.
    const double share = random.uniform();
    const auto tag = static_cast<TagId>(share * share * share * static_cast<double>(tags));
    if (std::find(chosen.begin(), chosen.end(), tag) == chosen.end()) chosen.push_back(tag);
  }
  return chosen;
}

// Arguments: tags, photos known, photos scored.
void BM_AdaptiveStep(benchmark::State& state) {
  const auto tags = static_cast<size_t>(state.range(0));
  const auto photos = static_cast<size_t>(state.range(1));
  const Planner::Room room{.calls = 0, .images = 1'000'000};
  Random random(1);
  TagTable table;
  for (size_t i = 0; i < tags; ++i)
    table.intern("tag" + std::to_string(i));
  const CommonWords words;
  const auto planner = make_adaptive_planner({.tags = &table, .words = &words});
  planner->add_first_query(0);
  (void)planner->next({.calls = 1, .images = 1});
  std::vector<std::vector<TagId>> tags_of(photos);
  std::vector<ListedPhoto> listed;
  for (PhotoNumber photo = 0; photo < photos; ++photo) {
    tags_of[photo] = some_tags(random, tags);
    listed.push_back({.photo = photo, .is_new = true, .tags = tags_of[photo]});
  }
  planner->on_listing(0, listed);
  const auto step = [&] {
    const auto next = planner->next(room);
    planner->on_look(std::get<Planner::Look>(*next).photo, 10 * random.uniform());
  };
  for (int64_t i = 0; i < state.range(2); ++i)
    step();
  for (auto _ : state)
    step();
}
// Few iterations, for each step adds a scored photo.
BENCHMARK(BM_AdaptiveStep)
    ->Args({10'000, 5'000, 50})
    ->Args({10'000, 5'000, 100})
    ->Args({10'000, 5'000, 300})
    ->Args({1'000, 1'000, 100})
    ->Args({100'000, 20'000, 100})
    ->Iterations(20)
    ->Unit(benchmark::kMicrosecond);

// A draw with so many tags known: select, and observe a photo with fifteen tags.
void BM_Draw(benchmark::State& state, const char* name) {
  const auto tags = static_cast<size_t>(state.range(0));
  TagTable table;
  for (size_t i = 0; i < tags; ++i)
    table.intern("tag" + std::to_string(i));
  const auto selector = (*find_strategy(name))->make_selector({.seed = 1, .tags = &table});
  Random random(1);
  for (TagId tag = 0; tag < 10; ++tag)
    selector->add_first_query(tag);
  const auto draw = [&](std::span<const TagId> photo_tags) {
    const auto tag = selector->select();
    if (!tag) return;
    selector->observe({*tag, DrawResult::Outcome::scored, 10 * random.uniform(), 50, photo_tags});
  };
  std::vector<TagId> all(tags);
  for (TagId tag = 0; tag < tags; ++tag)
    all[tag] = tag;
  for (size_t first = 0; first < tags; first += 1000)
    draw(std::span(all).subspan(first, std::min<size_t>(1000, tags - first)));
  for (auto _ : state)
    draw(some_tags(random, tags));
}
BENCHMARK_CAPTURE(BM_Draw, greedy, "greedy")->RangeMultiplier(10)->Range(1'000, 1'000'000);
BENCHMARK_CAPTURE(BM_Draw, ucb, "ucb")->RangeMultiplier(10)->Range(1'000, 1'000'000);
BENCHMARK_CAPTURE(BM_Draw, epsilon_greedy, "epsilon-greedy")->RangeMultiplier(10)->Range(1'000, 1'000'000);

// The likeness of MobileNetV2's features to the query's, cosine included.
void BM_Similarity(benchmark::State& state, const char* name) {
  constexpr size_t kDimensions = 7 * 7 * 320;
  Random random(1);
  std::vector<float> query(kDimensions);
  std::vector<float> photo(kDimensions);
  for (size_t i = 0; i < kDimensions; ++i) {
    query[i] = static_cast<float>(random.uniform() - 0.5);
    photo[i] = static_cast<float>(random.uniform() - 0.5);
  }
  const auto similarity = make_similarity(name, query, 1000);
  for (auto _ : state)
    benchmark::DoNotOptimize((*similarity)->score(photo));
}
BENCHMARK_CAPTURE(BM_Similarity, dot, "dot")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Similarity, cosine, "cosine")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(BM_Similarity, gaussian, "gaussian")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace lookalike

#include "cli/query/search_target.h"

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

#include "cli/query/class_guesses.h"
#include "core/search/scoring/mixed_scorer.h"
#include "core/search/scoring/relevance_feedback.h"
#include "core/search/scoring/value_scorer.h"
#include "core/search/strategies/first_queries.h"
#include "core/search/strategies/strategy.h"
#include "models/labels.h"

namespace lookalike {
namespace {

constexpr size_t kClassesReported = 10;

using FirstQueries = std::vector<std::vector<std::string>>;

Result<std::unique_ptr<Scorer>> similarity_scorer(const Embedding& query, const SearchCommandOptions& options,
                                                  const FeedbackImages& feedback, const NetworkSpec& network) {
  auto scorer = make_feedback_similarity(options.similarity, query, feedback.feedback,
                                         options.scale.value_or(network.score_scale));
  if (!scorer.ok()) return Error{ErrorCode::model, scorer.error().message};
  return scorer;
}

// Which of the network's outputs it is: a background without a label may come before those that have one.
Result<std::unique_ptr<Scorer>> class_scorer(const NamedClass& wanted, size_t outputs, const NetworkSpec& network) {
  const size_t labels = network.labels.size();
  const size_t position = wanted.index + (labels == 0 ? 0 : outputs - labels);
  if (position < outputs) return make_value_scorer(position);
  return Error{ErrorCode::usage, "there is no class #" + std::to_string(wanted.index) + ": " + network.path + " has " +
                                     std::to_string(outputs) + " outputs"};
}

// What --score names, in its order, each with its weight and its place in the embedding. `similarity` makes the part
// that compares photos with the image.
using MakeScorer = std::function<Result<std::unique_ptr<Scorer>>()>;

Result<std::vector<MixedPart>> score_parts(SearchSetup& setup, const EmbeddingLayout& layout,
                                           const MakeScorer& similarity) {
  const ChosenNetworks& networks_of = setup.options().networks;
  std::vector<MixedPart> made;
  size_t classes = 0;
  size_t networks = 0;
  size_t programs = 0;
  const auto add = [&made](const ScoreSpec& spec, const EmbeddingSlice& slice,
                           Result<std::unique_ptr<Scorer>> scorer) -> Status {
    if (!scorer.ok()) return scorer.error();
    made.push_back({spec.factor(), slice.begin, slice.size, std::move(*scorer)});
    return {};
  };
  const auto add_one = [&](const ScoreSpec& spec) {
    switch (spec.kind) {
      case ScoreKind::likeness: return add(spec, layout.features, similarity());
      case ScoreKind::network: return add(spec, layout.networks[networks++], make_value_scorer(0));
      case ScoreKind::program: return add(spec, layout.programs[programs++], make_number_scorer());
      case ScoreKind::class_output: break;
    }
    return add(spec, layout.output,
               class_scorer(networks_of.wanted_classes[classes++], layout.output.size, setup.scoring().network()));
  };
  for (const ScoreSpec& spec : setup.options().given.scores) {
    if (const Status added = add_one(spec); !added.ok()) return added.error();
  }
  return made;
}

// By the similarity, by the one score as it is, or by their mixture.
Result<std::unique_ptr<Scorer>> photo_scorer(SearchSetup& setup, const EmbeddingLayout& layout,
                                             const MakeScorer& similarity) {
  const std::vector<ScoreSpec>& scores = setup.options().given.scores;
  if (scores.empty()) return similarity();
  auto made = score_parts(setup, layout, similarity);
  if (!made.ok()) return made.error();
  if (are_mixed(scores)) return make_mixed_scorer(std::move(*made));
  return std::move(made->front().scorer);
}

// Each synonym by itself: which of them people tag photos with is not known. Then, for strategies that ask for them,
// the families of the class, narrowest first.
void add_class_queries(const NamedClass& wanted, const Strategy& strategy, FirstQueries& queries) {
  for (std::string& synonym : class_queries(wanted.name, true))
    queries.push_back({std::move(synonym)});
  if (!strategy.asks_families) return;
  for (const ClassFamily& family : families_of_class(wanted.name))
    queries.push_back({std::string(family.word)});
}

// Of those classes that are wanted: a negative weight leads away from its class.
void add_wanted_classes(const CheckedOptions& options, const Strategy& strategy, FirstQueries& queries) {
  const ChosenNetworks& networks = options.networks;
  if (!networks.describing || networks.describing->labels.empty()) return;  // "class 7" is no word to search for
  size_t classes = 0;
  for (const ScoreSpec& score : options.given.scores) {
    if (score.kind != ScoreKind::class_output) continue;
    const NamedClass& wanted = networks.wanted_classes[classes++];
    if (score.factor() > 0) add_class_queries(wanted, strategy, queries);
  }
}

// What the network sees comes last.
FirstQueries queries_for(const SearchSetup& setup, std::span<const ClassProbability> classes) {
  const Strategy& strategy = *setup.plan().strategy;
  FirstQueries queries;
  if (setup.options().given.no_classify) return queries;
  add_wanted_classes(setup.options(), strategy, queries);
  for (auto& query : first_queries(class_guesses(classes), strategy))
    queries.push_back(std::move(query));
  return queries;
}

}  // namespace

Result<SearchTarget> image_target(QueryImage query, const FeedbackImages& feedback, SearchSetup& setup) {
  const SearchCommandOptions& options = setup.options().given;
  auto features = query_features(std::move(query), setup);
  if (!features.ok()) return features.error();
  auto& [image, description] = *features;
  const auto layout = setup.scoring().layout();
  if (!layout.ok()) return layout.error();
  auto scorer = photo_scorer(setup, *layout, [&, &embedding = description.embedding] {
    return similarity_scorer(embedding, options, feedback, setup.scoring().network());
  });
  if (!scorer.ok()) return scorer.error();
  const auto classes = classes_with_liked(description.classes, feedback.liked_classes);
  SearchTarget target{.report = {.source = image.source,
                                 .sha256 = image.sha256,
                                 .width = image.image.original_width,
                                 .height = image.image.original_height,
                                 .classes = std::move(description.classes),
                                 .liked = options.liked,
                                 .unliked = options.unliked},
                      .query = {.scorer = std::move(*scorer), .first_queries = queries_for(setup, classes)},
                      .features = layout->features.size};
  target.report.classes.resize(std::min(target.report.classes.size(), kClassesReported));
  if (const Likeness* likeness = target.query.scorer->likeness()) target.report.likeness = *likeness;
  return target;
}

Result<SearchTarget> score_target(SearchSetup& setup) {
  const auto layout = setup.scoring().layout();
  if (!layout.ok()) return layout.error();
  auto scorer = photo_scorer(setup, *layout, nullptr);  // the parser wants an image for likeness
  if (!scorer.ok()) return scorer.error();
  return SearchTarget{.report = {.source = score_text(setup.options().given.scores)},
                      .query = {.scorer = std::move(*scorer), .first_queries = queries_for(setup, {})}};
}

}  // namespace lookalike

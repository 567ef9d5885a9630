#include "cli/search_target.h"

#include <algorithm>
#include <span>
#include <utility>

#include "cli/class_guesses.h"
#include "core/search/first_queries.h"
#include "core/search/relevance_feedback.h"
#include "core/search/strategy.h"
#include "core/search/value_scorer.h"
#include "models/class_families.h"

namespace lookalike {
namespace {

constexpr size_t kClassesReported = 10;

using FirstQueries = std::vector<std::vector<std::string>>;

Result<std::unique_ptr<Scorer>> similarity_scorer(const Embedding& query, const SearchCommandOptions& options,
                                                  const FeedbackImages& feedback, const SearchParts& parts) {
  auto scorer = make_feedback_similarity(options.similarity, query, feedback.feedback,
                                         options.scale.value_or(parts.network.score_scale));
  if (!scorer.ok()) return Error{ErrorCode::model, scorer.error().message};
  return scorer;
}

// Which of the network's outputs it is: a background without a label may come before those that have one.
Result<std::unique_ptr<Scorer>> class_scorer(SearchParts& parts) {
  const auto loaded = loaded_dimensions(*parts.workers, parts.network);
  if (!loaded.ok()) return loaded.error();
  const auto outputs = static_cast<size_t>(*loaded);
  const size_t labels = parts.network.labels.size();
  const size_t position = parts.wanted_class->index + (labels == 0 ? 0 : outputs - labels);
  if (position < outputs) return make_value_scorer(position);
  return Error{ErrorCode::usage, "there is no class #" + std::to_string(parts.wanted_class->index) + ": " +
                                     parts.network.path + " has " + std::to_string(outputs) + " outputs"};
}

Result<std::unique_ptr<Scorer>> network_scorer(SearchParts& parts) {
  const auto outputs = loaded_dimensions(*parts.score_workers, parts.score_network);
  if (!outputs.ok()) return outputs.error();
  if (*outputs == 1) return make_value_scorer(0);
  return Error{ErrorCode::model, "network " + parts.score_network.path + " gives " + std::to_string(*outputs) +
                                     " numbers for a photo, and a score is one; for a classifier's class there is "
                                     "--model FILE --score class:NAME"};
}

Result<std::unique_ptr<Scorer>> score_scorer(const ScoreSpec& score, SearchParts& parts) {
  switch (score.kind) {
    case ScoreKind::class_output: return class_scorer(parts);
    case ScoreKind::network: return network_scorer(parts);
    case ScoreKind::program: break;
  }
  return make_number_scorer();
}

// Each synonym by itself: which of them people tag photos with is not known. Then, for strategies that ask for them,
// the families of the class, narrowest first.
void add_class_queries(const SearchParts& parts, const Strategy& strategy, FirstQueries& queries) {
  if (!parts.wanted_class || parts.network.labels.empty()) return;  // "class 7" is no word to search for
  for (std::string& synonym : class_queries(parts.wanted_class->name, true))
    queries.push_back({std::move(synonym)});
  if (!strategy.asks_families) return;
  for (const ClassFamily& family : families_of_class(parts.wanted_class->name))
    queries.push_back({std::string(family.word)});
}

// What the network sees comes last.
FirstQueries queries_for(const SearchCommandOptions& options, const SearchParts& parts,
                         std::span<const ClassProbability> classes) {
  const Strategy& strategy = **find_strategy(options.strategy);  // the parser checked the name
  FirstQueries queries;
  if (options.no_classify) return queries;
  add_class_queries(parts, strategy, queries);
  for (auto& query : first_queries(class_guesses(classes), strategy))
    queries.push_back(std::move(query));
  return queries;
}

}  // namespace

Result<SearchTarget> image_target(QueryImage query, const SearchCommandOptions& options, const FeedbackImages& feedback,
                                  SearchParts& parts) {
  auto features = query_features(std::move(query), parts);
  if (!features.ok()) return features.error();
  auto& [image, description] = *features;
  auto scorer = options.score ? score_scorer(*options.score, parts)
                              : similarity_scorer(description.embedding, options, feedback, parts);
  if (!scorer.ok()) return scorer.error();
  const auto classes = classes_with_liked(description.classes, feedback.liked_classes);
  SearchTarget target{.query = {.source = image.source,
                                .sha256 = image.sha256,
                                .width = image.image.original_width,
                                .height = image.image.original_height,
                                .classes = std::move(description.classes),
                                .liked = options.liked,
                                .unliked = options.unliked},
                      .first_queries = queries_for(options, parts, classes),
                      .scorer = std::move(*scorer)};
  target.query.classes.resize(std::min(target.query.classes.size(), kClassesReported));
  if (!options.score) target.query.self_order = target.scorer->score(description.embedding).order;
  return target;
}

Result<SearchTarget> score_target(const SearchCommandOptions& options, SearchParts& parts) {
  auto scorer = score_scorer(*options.score, parts);
  if (!scorer.ok()) return scorer.error();
  return SearchTarget{.query = {.source = options.score->text},
                      .first_queries = queries_for(options, parts, {}),
                      .scorer = std::move(*scorer)};
}

}  // namespace lookalike

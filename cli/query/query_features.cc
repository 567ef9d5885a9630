#include "cli/query/query_features.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/search/strategies/first_queries.h"

namespace lookalike {
namespace {

Result<std::vector<Description>> describe_all(const std::vector<std::string>& sources, SearchSetup& setup,
                                              const InputPatience& patience) {
  std::vector<Description> descriptions;
  for (const std::string& source : sources) {
    auto image = read_query(source, {}, setup, patience);
    if (!image.ok()) return image.error();
    auto features = query_features(std::move(*image), setup);
    if (!features.ok()) return features.error();
    descriptions.push_back(std::move(features->description));
  }
  return descriptions;
}

}  // namespace

Result<QueryImage> read_query(const std::string& source, const std::vector<int>& crop, SearchSetup& setup,
                              const InputPatience& patience) {
  const auto bytes = load_query_bytes(source, setup.http(), patience);
  if (!bytes.ok()) return bytes.error();
  return decode_query(source, *bytes, crop, setup.scoring().network().input_size);
}

Result<QueryFeatures> query_features(QueryImage image, SearchSetup& setup) {
  auto description = setup.scoring().describing()->describe(image.image, kClassesGuessed);
  if (!description.ok()) return description.error();
  image.image.rgb = {};
  return QueryFeatures{std::move(image), std::move(*description)};
}

ExitCode exit_code_for_query(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
    case ErrorCode::model:
    case ErrorCode::interrupted: return exit_code_for(code);
    default: return ExitCode::query_unreadable;
  }
}

Result<FeedbackImages> feedback_images(SearchSetup& setup, const InputPatience& patience) {
  const SearchCommandOptions& options = setup.options().given;
  auto liked = describe_all(options.liked, setup, patience);
  if (!liked.ok()) return liked.error();
  auto unliked = describe_all(options.unliked, setup, patience);
  if (!unliked.ok()) return unliked.error();
  FeedbackImages images{.feedback = {.mode = options.like_mode}};
  for (Description& description : *liked) {
    images.feedback.liked.push_back(std::move(description.embedding));
    images.liked_classes.push_back(std::move(description.classes));
  }
  for (Description& description : *unliked)
    images.feedback.unliked.push_back(std::move(description.embedding));
  return images;
}

std::vector<ClassProbability> classes_with_liked(const std::vector<ClassProbability>& query,
                                                 std::span<const std::vector<ClassProbability>> liked) {
  if (liked.empty()) return query;
  std::map<int, ClassProbability> sums;
  const auto add = [&sums](const std::vector<ClassProbability>& classes, double weight) {
    for (const ClassProbability& c : classes) {
      ClassProbability& sum = sums.try_emplace(c.index, ClassProbability{c.index, c.name, 0}).first->second;
      sum.probability += weight * c.probability;
    }
  };
  constexpr double kAll = kQueryWeight + kLikedWeight;
  add(query, kQueryWeight / kAll);
  for (const auto& classes : liked)
    add(classes, kLikedWeight / kAll / static_cast<double>(liked.size()));
  std::vector<ClassProbability> all;
  for (auto& [index, sum] : sums)
    all.push_back(std::move(sum));
  std::stable_sort(all.begin(), all.end(),
                   [](const ClassProbability& a, const ClassProbability& b) { return a.probability > b.probability; });
  return all;
}

}  // namespace lookalike

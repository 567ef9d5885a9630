#include "cli/wiring/photo_scoring.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "core/base/feature_source.h"
#include "core/base/text/text.h"
#include "core/cache/cache_store.h"
#include "core/cache/caching_feature_source.h"
#include "core/pipeline/local_assessor.h"
#include "core/pipeline/network_assessor.h"
#include "core/pipeline/program_assessor.h"
#include "core/vision/inference/embedder_loader.h"

namespace lookalike {
namespace {

// One network a core, but no more than there can be photos to score.
int worker_count(int parallel) {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, parallel);
}

bool wants_classes(const SearchCommandOptions& options) {
  return scores_by(options, ScoreKind::class_output);
}

// Photos need both, in one run.
bool wants_features_and_output(const SearchCommandOptions& options) {
  return compares_images(options) && wants_classes(options);
}

std::vector<ScoreSpec> scores_of(const SearchCommandOptions& options, ScoreKind kind) {
  std::vector<ScoreSpec> scores;
  std::ranges::copy_if(options.scores, std::back_inserter(scores),
                       [kind](const ScoreSpec& score) { return score.kind == kind; });
  return scores;
}

Status choose_classes(const SearchCommandOptions& options, SearchParts& parts) {
  for (const ScoreSpec& score : scores_of(options, ScoreKind::class_output)) {
    auto wanted = find_class(parts.network.labels, score.argument);
    if (!wanted.ok()) return wanted.error();
    parts.wanted_classes.push_back(std::move(*wanted));
  }
  if (parts.network.labels.empty() && !has_query_images(options) && options.tags.empty()) {
    return Error{ErrorCode::usage, "the classes of " + parts.network.name +
                                       " have no names to search for: give a first query with --tag WORD, or an image"};
  }
  return {};
}

std::unique_ptr<EmbeddingWorkers> load_network(const NetworkSpec& spec, int workers) {
  return std::make_unique<EmbeddingWorkers>(
      [loader = std::make_shared<EmbedderLoader>(spec)] { return loader->load(); }, workers);
}

// Who failed, where there are several that could. A command may be long.
std::string part_name(const SearchCommandOptions& options, const std::string& name) {
  constexpr int kColumns = 60;
  return options.scores.size() > 1 ? fit_width(terminal_safe(name), kColumns) : "";
}

// "likeness, class:tabby": what the network that describes images is asked for.
std::string names_of_own(const SearchCommandOptions& options) {
  std::string names;
  for (const ScoreSpec& score : options.scores) {
    const bool own = score.kind == ScoreKind::likeness || score.kind == ScoreKind::class_output;
    if (own) names += (names.empty() ? "" : ", ") + score.text;
  }
  return names;
}

std::shared_ptr<PhotoAssessor> network_assessor(EmbeddingWorkers& workers, const NetworkSpec& spec,
                                                NetworkAssessor::Gives gives, const KeepEmbeddings& keep) {
  const auto identity = keep ? embedding_identity(spec) : Result<std::string>(Error{});
  if (!identity.ok()) return std::make_shared<NetworkAssessor>(workers, gives);  // the workers say what is wrong
  const char* what = gives == NetworkAssessor::Gives::embedding ? "" : "and output";
  return std::make_shared<LocalAssessor>(workers, gives, keep(joined_parts({*identity, what})));
}

PhotoPart program_part(const SearchCommandOptions& options, const ScoreSpec& score) {
  return {std::make_shared<ProgramAssessor>(
              ScoringProgramOptions{.command = score.argument, .time_limit = request_time_limit(options.network)}),
          part_name(options, score.text)};
}

Error not_one_number(const NetworkSpec& network, int numbers) {
  return {ErrorCode::model, "network " + network.path + " gives " + std::to_string(numbers) +
                                " numbers for a photo, and a score is one; for a classifier's class there is "
                                "--model FILE --score class:NAME"};
}

// Slices one after the other.
class Layout {
 public:
  EmbeddingSlice add(size_t size) { return {std::exchange(end_, end_ + size), size}; }

 private:
  size_t end_ = 0;
};

}  // namespace

Status choose_networks(const SearchCommandOptions& options, SearchParts& parts) {
  for (const ScoreSpec& score : scores_of(options, ScoreKind::network)) {
    auto network = choose_network({.model = score.argument, .layer = ""});
    if (!network.ok()) return network.error();
    network->embeds_output = true;
    parts.score_networks.push_back({.spec = std::move(*network), .workers = nullptr});
  }
  parts.describes_photos = compares_images(options) || wants_classes(options);
  if (!has_query_images(options) && !parts.describes_photos) return {};
  auto network = choose_network(options.model);
  if (!network.ok()) return network.error();
  parts.network = std::move(*network);
  parts.network.embeds_output = wants_classes(options) && !compares_images(options);
  return wants_classes(options) ? choose_classes(options, parts) : Status{};
}

void load_networks(const SearchCommandOptions& options, SearchParts& parts) {
  const int all = worker_count(options.parallel);
  if (!parts.network.path.empty()) parts.workers = load_network(parts.network, parts.describes_photos ? all : 1);
  for (ScoreNetwork& network : parts.score_networks)
    network.workers = load_network(network.spec, all);
  parts.backlog = 2 * (scores_by(options, ScoreKind::program) ? 1 : all);
}

std::vector<PhotoPart> photo_parts(const SearchCommandOptions& options, SearchParts& parts,
                                   const KeepEmbeddings& keep) {
  using Gives = NetworkAssessor::Gives;
  std::vector<PhotoPart> made;
  if (parts.describes_photos) {
    const Gives gives = wants_features_and_output(options) ? Gives::embedding_and_output : Gives::embedding;
    made.push_back(
        {network_assessor(*parts.workers, parts.network, gives, keep), part_name(options, names_of_own(options))});
  }
  const auto networks = scores_of(options, ScoreKind::network);
  for (size_t i = 0; i < networks.size(); ++i) {
    const ScoreNetwork& network = parts.score_networks[i];
    made.push_back({network_assessor(*network.workers, network.spec, NetworkAssessor::Gives::embedding, keep),
                    part_name(options, networks[i].text)});
  }
  for (const ScoreSpec& score : scores_of(options, ScoreKind::program))
    made.push_back(program_part(options, score));
  return made;
}

Result<std::optional<std::string>> photo_identity_of(const SearchCommandOptions& options, const SearchParts& parts) {
  if (scores_by(options, ScoreKind::program)) return std::optional<std::string>();
  std::vector<NetworkSpec> specs;
  if (parts.describes_photos) specs.push_back(parts.network);
  if (wants_features_and_output(options)) {
    specs.push_back(parts.network);
    specs.back().embeds_output = true;
  }
  for (const ScoreNetwork& network : parts.score_networks)
    specs.push_back(network.spec);
  std::string all;
  for (const NetworkSpec& spec : specs) {
    const auto identity = embedding_identity(spec);
    if (!identity.ok()) return Error{ErrorCode::model, identity.error().message};
    all = all.empty() ? *identity : joined_parts({all, *identity});
  }
  return std::optional(std::move(all));
}

Result<EmbeddingLayout> embedding_layout(const SearchCommandOptions& options, SearchParts& parts) {
  Layout layout;
  EmbeddingLayout slices;
  if (parts.describes_photos) {
    const auto sizes = loaded_sizes(*parts.workers, parts.network);
    if (!sizes.ok()) return sizes.error();
    if (compares_images(options)) slices.features = layout.add(static_cast<size_t>(sizes->embedding));
    if (wants_classes(options)) slices.output = layout.add(static_cast<size_t>(sizes->output));
  }
  for (ScoreNetwork& network : parts.score_networks) {
    const auto sizes = loaded_sizes(*network.workers, network.spec);
    if (!sizes.ok()) return sizes.error();
    if (sizes->output != 1) return not_one_number(network.spec, sizes->output);
    slices.networks.push_back(layout.add(1));
  }
  for (size_t i = 0; i < scores_of(options, ScoreKind::program).size(); ++i)
    slices.programs.push_back(layout.add(kNumberParts));
  return slices;
}

}  // namespace lookalike

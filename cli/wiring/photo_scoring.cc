#include "cli/wiring/photo_scoring.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "cli/wiring/http_options.h"
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

using Gives = NetworkAssessor::Gives;

// One network a core, but no more than there can be photos to score.
int worker_count(int parallel) {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, parallel);
}

std::vector<ScoreSpec> scores_of(const SearchCommandOptions& options, ScoreKind kind) {
  std::vector<ScoreSpec> scores;
  std::ranges::copy_if(options.scores, std::back_inserter(scores),
                       [kind](const ScoreSpec& score) { return score.kind == kind; });
  return scores;
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

std::shared_ptr<PhotoAssessor> network_assessor(LoadedNetwork& network, Gives gives,
                                                const PhotoScoring::KeepEmbeddings& keep) {
  const auto identity = keep ? embedding_identity(network.spec()) : Result<std::string>(Error{});
  // Where the file cannot be read the workers say what is wrong.
  if (!identity.ok()) return std::make_shared<NetworkAssessor>(network.workers(), gives);
  const char* what = gives == Gives::embedding ? "" : "and output";
  return std::make_shared<LocalAssessor>(network.workers(), gives, keep(joined_parts({*identity, what})));
}

Error not_one_number(const NetworkSpec& network, int numbers) {
  return {ErrorCode::model, "network " + network.path + " gives " + std::to_string(numbers) +
                                " numbers for a photo, and a score is one; for a classifier's class there is "
                                "--model FILE --score class:NAME"};
}

// Slices one after the other.
class SliceRow {
 public:
  EmbeddingSlice add(int size) {
    const auto values = static_cast<size_t>(size);
    return {std::exchange(end_, end_ + values), values};
  }

 private:
  size_t end_ = 0;
};

}  // namespace

PhotoScoring::PhotoScoring(const CheckedOptions& options) : options_(options) {
  const ChosenNetworks& chosen = options.networks;
  const int all = worker_count(options.given.parallel);
  if (chosen.describing)
    describing_ = std::make_unique<LoadedNetwork>(*chosen.describing, chosen.describes_photos ? all : 1);
  for (const NetworkSpec& network : chosen.scoring)
    scoring_.push_back(std::make_unique<LoadedNetwork>(network, all));
}

const NetworkSpec& PhotoScoring::network() const {
  static const NetworkSpec kNone;
  return describing_ ? describing_->spec() : kNone;
}

int PhotoScoring::backlog() const {
  return 2 * (scores_by(options_.given, ScoreKind::program) ? 1 : worker_count(options_.given.parallel));
}

bool PhotoScoring::wants_classes() const {
  return scores_by(options_.given, ScoreKind::class_output);
}

bool PhotoScoring::wants_features_and_output() const {
  return compares_images(options_.given) && wants_classes();
}

// A command may be long.
std::string PhotoScoring::name_in_errors(const std::string& name) const {
  constexpr int kColumns = 60;
  return options_.given.scores.size() > 1 ? fit_width(terminal_safe(name), kColumns) : "";
}

PhotoPart PhotoScoring::own_part(const KeepEmbeddings& keep) {
  const Gives gives = wants_features_and_output() ? Gives::embedding_and_output : Gives::embedding;
  return {network_assessor(*describing_, gives, keep), name_in_errors(names_of_own(options_.given))};
}

std::vector<PhotoPart> PhotoScoring::photo_parts(const KeepEmbeddings& keep) {
  std::vector<PhotoPart> parts;
  if (describes_photos()) parts.push_back(own_part(keep));
  const auto networks = scores_of(options_.given, ScoreKind::network);
  for (size_t i = 0; i < networks.size(); ++i)
    parts.push_back({network_assessor(*scoring_[i], Gives::embedding, keep), name_in_errors(networks[i].text)});
  for (const ScoreSpec& score : scores_of(options_.given, ScoreKind::program)) {
    auto program = std::make_shared<ProgramAssessor>(
        ScoringProgramOptions{.command = score.argument, .time_limit = request_time_limit(options_.given.network)});
    parts.push_back({std::move(program), name_in_errors(score.text)});
  }
  return parts;
}

Result<std::optional<std::string>> PhotoScoring::cache_identity() const {
  if (scores_by(options_.given, ScoreKind::program)) return std::optional<std::string>();
  std::vector<NetworkSpec> specs;
  if (describes_photos()) specs.push_back(network());
  if (wants_features_and_output()) {
    specs.push_back(network());
    specs.back().embeds_output = true;
  }
  for (const auto& scoring : scoring_)
    specs.push_back(scoring->spec());
  std::string all;
  for (const NetworkSpec& spec : specs) {
    const auto identity = embedding_identity(spec);
    if (!identity.ok()) return Error{ErrorCode::model, identity.error().message};
    all = all.empty() ? *identity : joined_parts({all, *identity});
  }
  return std::optional(std::move(all));
}

Result<EmbeddingLayout> PhotoScoring::layout() {
  SliceRow row;
  EmbeddingLayout layout;
  if (describes_photos()) {
    const auto sizes = describing_->sizes();
    if (!sizes.ok()) return sizes.error();
    if (compares_images(options_.given)) layout.features = row.add(sizes->embedding);
    if (wants_classes()) layout.output = row.add(sizes->output);
  }
  for (const auto& scoring : scoring_) {
    const auto sizes = scoring->sizes();
    if (!sizes.ok()) return sizes.error();
    if (sizes->output != 1) return not_one_number(scoring->spec(), sizes->output);
    layout.networks.push_back(row.add(1));
  }
  for (size_t i = 0; i < scores_of(options_.given, ScoreKind::program).size(); ++i)
    layout.programs.push_back(row.add(kNumberParts));
  return layout;
}

Status PhotoScoring::wait_for_networks() {
  if (describing_) {
    if (const auto sizes = describing_->sizes(); !sizes.ok()) return sizes.error();
  }
  for (const auto& scoring : scoring_) {
    if (const auto sizes = scoring->sizes(); !sizes.ok()) return sizes.error();
  }
  return {};
}

}  // namespace lookalike

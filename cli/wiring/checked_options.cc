#include "cli/wiring/checked_options.h"

#include <string>
#include <utility>

#include "cli/options/source_choice.h"
#include "cli/wiring/http_options.h"
#include "cli/wiring/network_choice.h"
#include "core/base/files/file.h"
#include "core/base/files/input.h"

namespace lookalike {
namespace {

constexpr int64_t kMaxStopListBytes = 4 << 20;
constexpr const char* kStopTagsOff = "off";

bool wants_classes(const SearchCommandOptions& options) {
  return scores_by(options, ScoreKind::class_output);
}

Result<std::vector<NetworkSpec>> scoring_networks(const SearchCommandOptions& options) {
  std::vector<NetworkSpec> networks;
  for (const ScoreSpec& score : options.scores) {
    if (score.kind != ScoreKind::network) continue;
    auto network = choose_network({.model = score.argument, .layer = ""});
    if (!network.ok()) return network.error();
    network->embeds_output = true;
    networks.push_back(std::move(*network));
  }
  return networks;
}

Result<std::vector<NamedClass>> wanted_classes(const SearchCommandOptions& options, const NetworkSpec& network) {
  std::vector<NamedClass> classes;
  for (const ScoreSpec& score : options.scores) {
    if (score.kind != ScoreKind::class_output) continue;
    auto wanted = find_class(network.labels, score.argument);
    if (!wanted.ok()) return wanted.error();
    classes.push_back(std::move(*wanted));
  }
  const bool has_words = !network.labels.empty() || has_query_images(options) || !options.tags.empty();
  if (classes.empty() || has_words) return classes;
  return Error{ErrorCode::usage, "the classes of " + network.name +
                                     " have no names to search for: give a first query with --tag WORD, or an image"};
}

Result<ChosenNetworks> choose_networks(const SearchCommandOptions& options) {
  ChosenNetworks chosen{.describes_photos = compares_images(options) || wants_classes(options)};
  auto scoring = scoring_networks(options);
  if (!scoring.ok()) return scoring.error();
  chosen.scoring = std::move(*scoring);
  if (!has_query_images(options) && !chosen.describes_photos) return chosen;
  auto network = choose_network(options.model);
  if (!network.ok()) return network.error();
  network->embeds_output = wants_classes(options) && !compares_images(options);
  auto classes = wanted_classes(options, *network);
  if (!classes.ok()) return classes.error();
  chosen.wanted_classes = std::move(*classes);
  chosen.describing = std::move(*network);
  return chosen;
}

// Words that the user gave are kept.
Result<std::shared_ptr<const TagCleaner>> make_tag_cleaner(const SearchCommandOptions& options,
                                                           const InputPatience& patience) {
  if (options.stop_tags == kStopTagsOff) return std::shared_ptr<const TagCleaner>();
  auto cleaner = std::make_shared<TagCleaner>();
  if (!options.stop_tags.empty()) {
    const auto list = read_text(options.stop_tags, kMaxStopListBytes, patience);
    if (!list.ok()) return Error{ErrorCode::usage, "--stop-tags: " + list.error().message};
    cleaner->add(*list);
  }
  cleaner->exempt(options.tags);
  return std::shared_ptr<const TagCleaner>(std::move(cleaner));
}

void ask_for_contact(const ProviderSettings& source) {
  const ProviderInfo& info = **find_provider(source.provider);
  if (!info.wants_contact || source.has_contact || image_scope(source) == AddressScope::loopback || !source.log) return;
  source.log(LogLevel::warning,
             std::string(info.name) +
                 " asks every program to say how its user can be reached, and allows many more calls then: give "
                 "--contact with your mail address or page, or set LOOKALIKE_CONTACT");
}

}  // namespace

Result<CheckedOptions> check_options(const SearchCommandOptions& options, size_t images, LogWriter& log,
                                     const InputPatience& patience) {
  auto networks = choose_networks(options);
  if (!networks.ok()) return networks.error();
  auto sources = choose_sources(options.source, log, patience);
  if (!sources.ok()) return sources.error();
  auto cleaner = make_tag_cleaner(options, patience);
  if (!cleaner.ok()) return cleaner.error();
  for (ProviderSettings& source : *sources) {
    source.retries = options.network.retries;
    source.timeout = request_time_limit(options.network);
    source.has_contact = says_contact(options.network);
    ask_for_contact(source);
  }
  return CheckedOptions{.given = options,
                        .images = images,
                        .networks = std::move(*networks),
                        .sources = std::move(*sources),
                        .tag_cleaner = std::move(*cleaner)};
}

}  // namespace lookalike

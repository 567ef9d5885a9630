#include "cli/search_parts.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

#include "cli/api_keys.h"
#include "cli/hourly_calls.h"
#include "cli/search_cache.h"
#include "cli/user_folders.h"
#include "cli/version.h"
#include "cli/word_vectors.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/pipeline/cache_key.h"
#include "core/pipeline/caching_feature_source.h"
#include "core/pipeline/caching_provider.h"
#include "core/pipeline/image_feature_source.h"
#include "core/pipeline/program_feature_source.h"
#include "core/vision/embedder.h"

namespace lookalike {
namespace {

std::string default_user_agent(const std::string& contact) {
  const std::string who = terminal_safe(contact);
  return std::string("lookalike/") + kVersion + " (" + (who.empty() ? "" : who + "; ") +
         "command-line image search by its user; libcurl)";
}

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

// One network a core, but no more than there can be photos to score.
int worker_count(int parallel) {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, parallel);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts)
    text += (text.empty() ? "" : ",") + part;
  return text;
}

// Puts the cache between the search and its sources. What a program says is asked anew each time: it may have changed.
Status add_cache(SearchParts& parts, const ProviderSettings& settings, const std::shared_ptr<CacheQueue>& cache,
                 bool keep_features) {
  if (keep_features) {
    auto identity = embedding_identity(parts.score_workers ? parts.score_network : parts.network);
    if (!identity.ok()) return Error{ErrorCode::model, identity.error().message};
    parts.features = std::make_unique<CachingFeatureSource>(std::move(parts.features), cache, *std::move(identity));
  }
  CachingProvider::Settings kept{
      .identity = joined_parts({settings.provider, settings.endpoint, settings.licenses, settings.safe,
                                settings.api_key.empty() ? "" : "with a key"}),  // which may mean larger pages
      .secret = settings.api_key.empty() ? "" : secrets_of_key(settings.api_key).back()};
  parts.provider = std::make_unique<CachingProvider>(std::move(parts.provider), cache, std::move(kept));
  return {};
}

// The network gives class scores instead of features, and one of them counts.
Status choose_class(const SearchCommandOptions& options, SearchParts& parts) {
  auto wanted = find_class(parts.network.labels, options.score->argument);
  if (!wanted.ok()) return wanted.error();
  if (parts.network.labels.empty() && !has_query_images(options) && options.tags.empty()) {
    return Error{ErrorCode::usage, "the classes of " + parts.network.name +
                                       " have no names to search for: give a first query with --tag WORD, or an image"};
  }
  parts.network.embeds_output = true;
  parts.wanted_class = std::move(*wanted);
  return {};
}

bool scores_by(const SearchCommandOptions& options, ScoreKind kind) {
  return options.score && options.score->kind == kind;
}

// Which networks the search needs, if any: one for its images and, unless something else scores them, for photos.
Status choose_networks(const SearchCommandOptions& options, SearchParts& parts) {
  const bool own_network = scores_by(options, ScoreKind::network);
  if (own_network) {
    auto network = choose_network({.model = options.score->argument, .layer = ""});
    if (!network.ok()) return network.error();
    parts.score_network = std::move(*network);
    parts.score_network.embeds_output = true;
  }
  if (!has_query_images(options) && (own_network || scores_by(options, ScoreKind::program))) return {};
  auto network = choose_network(options.model);
  if (!network.ok()) return network.error();
  parts.network = std::move(*network);
  return scores_by(options, ScoreKind::class_output) ? choose_class(options, parts) : Status{};
}

std::unique_ptr<EmbeddingWorkers> load_network(const NetworkSpec& spec, int workers) {
  return std::make_unique<EmbeddingWorkers>([spec] { return Embedder::load(spec); }, workers);
}

// They load while the source is opened and the query image is read.
void load_networks(const SearchCommandOptions& options, SearchParts& parts) {
  const int all = worker_count(options.parallel);
  const bool describes_only = options.score && !parts.wanted_class;
  if (!parts.network.path.empty()) parts.workers = load_network(parts.network, describes_only ? 1 : all);
  if (!parts.score_network.path.empty()) parts.score_workers = load_network(parts.score_network, all);
  parts.backlog = 2 * (scores_by(options, ScoreKind::program) ? 1 : all);
}

std::unique_ptr<FeatureSource> make_features(const SearchCommandOptions& options, const ProviderSettings& settings,
                                             SearchParts& parts) {
  const ImageFetchOptions images{.scope = image_scope(settings),
                                 .allow_plain_http = (*find_provider(settings.provider))->plain_http_images};
  if (scores_by(options, ScoreKind::program)) {
    return std::make_unique<ProgramFeatureSource>(
        *parts.http, images,
        ScoringProgramOptions{.command = options.score->argument,
                              .time_limit = milliseconds_of(options.network.timeout_seconds)});
  }
  return std::make_unique<ImageFeatureSource>(*parts.http, parts.score_workers ? *parts.score_workers : *parts.workers,
                                              images);
}

// What was asked for; else the source whose key is known, else one that needs none.
Result<std::string> chosen_provider(const SourceOptions& options) {
  constexpr std::string_view kHomeFolder = "folder:~/";  // a shell expands '~' only at the beginning of a word
  if (options.provider.starts_with(kHomeFolder)) {
    return "folder:" + environment_variable("HOME") + "/" + options.provider.substr(kHomeFolder.size());
  }
  if (!options.provider.empty()) return options.provider;
  const auto key = find_api_key(options, "flickr", environment_variable);
  if (!key.ok()) return key.error();
  return std::string(key->empty() ? "openverse" : "flickr");
}

Error missing_key(const ProviderInfo& info) {
  return {ErrorCode::auth, "no API key for " + std::string(info.name) +
                               ": give --api-key KEY, --api-key-file FILE or $" +
                               std::string(info.key_variables.front()) + " (get one at " + std::string(info.key_url) +
                               "), or search without one: --provider openverse, commons or folder:DIR"};
}

constexpr int64_t kMaxStopListBytes = 4 << 20;
constexpr const char* kStopTagsOff = "off";

// Null when any tag is to be followed. Words that the user gave are kept.
Result<std::shared_ptr<const TagCleaner>> make_tag_cleaner(const SearchCommandOptions& options) {
  if (options.stop_tags == kStopTagsOff) return std::shared_ptr<const TagCleaner>();
  auto cleaner = std::make_shared<TagCleaner>();
  if (!options.stop_tags.empty()) {
    const auto list = read_file(options.stop_tags, kMaxStopListBytes);
    if (!list.ok()) return Error{ErrorCode::usage, "--stop-tags: " + list.error().message};
    cleaner->add(*list);
  }
  cleaner->exempt(options.tags);
  return std::shared_ptr<const TagCleaner>(std::move(cleaner));
}

void ask_for_contact(const ProviderSettings& settings, const NetworkOptions& network) {
  const auto info = find_provider(settings.provider);
  if (!info.ok() || !(*info)->wants_contact || image_scope(settings) == AddressScope::loopback) return;
  if (!network.contact.empty() || !network.user_agent.empty() || !settings.log) return;
  settings.log(LogLevel::warning,
               std::string((*info)->name) +
                   " asks every program to say how its user can be reached: give --contact with your "
                   "mail address or page, or set LOOKALIKE_CONTACT");
}

// A source whose terms ask for a cache gets one, even when the user asked for none.
CacheOptions cache_options(const SearchCommandOptions& options, const ProviderSettings& settings) {
  CacheOptions cache = options.cache;
  const auto info = find_provider(settings.provider);
  const bool must = info.ok() && (*info)->must_cache;
  const std::filesystem::path usual = cache_folder(environment_variable);
  if (!must || cache.folder != kCacheOff || usual.empty()) return cache;
  cache.folder = usual.string();
  if (settings.log) {
    settings.log(LogLevel::info, "answers are kept in " + cache.folder + " for 24 hours, as the terms of " +
                                     std::string((*info)->name) + " ask");
  }
  return cache;
}

}  // namespace

HttpOptions http_options(const NetworkOptions& network, int parallel, const LogSink& log) {
  return {.user_agent = network.user_agent.empty() ? default_user_agent(network.contact) : network.user_agent,
          .proxy = network.proxy,
          .ca_file = network.ca_file,
          .timeout = milliseconds_of(network.timeout_seconds),
          .connect_timeout = std::min(milliseconds_of(network.timeout_seconds), std::chrono::milliseconds(10'000)),
          .retries = network.retries,
          .max_connections = parallel,
          .max_connections_per_host = parallel,
          .log = log};
}

HttpOptions http_options_for(const ProviderSettings& source, const NetworkOptions& network, int parallel,
                             const LogSink& log) {
  HttpOptions options = http_options(network, parallel, log);
  if (const auto info = find_provider(source.provider); info.ok()) options.host_policies = (*info)->host_policies;
  return options;
}

ModelStore open_model_store() {
  std::error_code error;
  return ModelStore(model_folders({.lookalike_models = environment_variable("LOOKALIKE_MODELS"),
                                   .xdg_data_home = environment_variable("XDG_DATA_HOME"),
                                   .home = environment_variable("HOME"),
                                   .executable = std::filesystem::read_symlink("/proc/self/exe", error)}));
}

Result<NetworkSpec> choose_network(const ModelOptions& options) {
  SpecOverrides overrides;
  if (!options.layer.empty()) overrides.feature_layer = options.layer;
  auto network = open_model_store().resolve(options.model, overrides);
  if (network.ok() || network.error().code == ErrorCode::usage) return network;
  return Error{ErrorCode::model, network.error().message};
}

Result<ProviderSettings> choose_source(const SourceOptions& options, Log& log) {
  auto provider = chosen_provider(options);
  if (!provider.ok()) return provider.error();
  ProviderSettings settings{.provider = *std::move(provider),
                            .endpoint = options.endpoint,
                            .licenses = joined(options.licenses),
                            .safe = options.safe,
                            .log = log.sink()};
  const auto info = find_provider(settings.provider);
  if (!info.ok()) return info.error();
  if ((*info)->key == KeyNeed::none) return settings;
  auto key = find_api_key(options, (*info)->name, environment_variable);
  if (!key.ok()) return key.error();
  if (key->empty() && (*info)->key == KeyNeed::required) return missing_key(**info);
  for (const std::string& secret : secrets_of_key(*key)) {
    if (!secret.empty()) log.add_secret(secret);
  }
  settings.api_key = std::move(*key);
  return settings;
}

Result<SearchParts> build_search_parts(const SearchCommandOptions& options, size_t images, const Clock& clock,
                                       Log& log) {
  SearchParts parts;
  if (Status chosen = choose_networks(options, parts); !chosen.ok()) return chosen.error();
  auto settings = choose_source(options.source, log);
  if (!settings.ok()) return settings.error();
  settings->retries = options.network.retries;
  ask_for_contact(*settings, options.network);
  auto cleaner = make_tag_cleaner(options);
  if (!cleaner.ok()) return cleaner.error();
  parts.tag_cleaner = std::move(*cleaner);
  parts.quota = make_hourly_quota(options.source, *settings, environment_variable, clock, log.sink());
  settings->gate = parts.quota.get();
  auto words = open_word_vectors(open_model_store(), **find_strategy(options.strategy), log.sink());
  if (!words.ok()) return words.error();
  parts.words = std::move(*words);
  load_networks(options, parts);
  if (parts.quota) parts.quota->prepare();
  parts.http = std::make_unique<HttpClient>(http_options_for(*settings, options.network, options.parallel, log.sink()));
  parts.features = make_features(options, *settings, parts);
  auto provider = make_provider(*settings, *parts.http);
  if (!provider.ok()) return provider.error();
  parts.provider = std::move(*provider);
  if (const auto cache = make_cache(cache_options(options, *settings), images, clock, log.sink())) {
    const bool keep_features = !scores_by(options, ScoreKind::program);
    if (Status added = add_cache(parts, *settings, cache, keep_features); !added.ok()) return added.error();
  }
  return parts;
}

Result<int> loaded_dimensions(EmbeddingWorkers& workers, NetworkSpec& network) {
  std::promise<Result<int>> promise;
  auto dimensions = promise.get_future();
  workers.submit([&](const Result<Embedder*>& loaded) {
    if (!loaded.ok()) return promise.set_value(loaded.error());
    // Written once: searches that go on at the same time read it.
    if (network.feature_layer != (*loaded)->spec().feature_layer)
      network.feature_layer = (*loaded)->spec().feature_layer;
    if (network.input_size != (*loaded)->spec().input_size) network.input_size = (*loaded)->spec().input_size;
    promise.set_value((*loaded)->dimensions());
  });
  return dimensions.get();
}

}  // namespace lookalike

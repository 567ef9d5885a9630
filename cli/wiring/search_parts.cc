#include "cli/wiring/search_parts.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <iterator>
#include <system_error>
#include <utility>

#include "cli/options/api_keys.h"
#include "cli/options/source_choice.h"
#include "cli/options/user_folders.h"
#include "cli/version.h"
#include "cli/wiring/hourly_calls.h"
#include "cli/wiring/photo_scoring.h"
#include "cli/wiring/search_cache.h"
#include "cli/wiring/strategy_words.h"
#include "core/base/files/file.h"
#include "core/base/files/input.h"
#include "core/base/text/text.h"
#include "core/cache/cache_store.h"
#include "core/cache/caching_feature_source.h"
#include "core/cache/caching_provider.h"
#include "core/pipeline/joined_provider.h"
#include "core/pipeline/photo_feature_source.h"
#include "core/vision/inference/embedder.h"

namespace lookalike {
namespace {

std::string default_user_agent(const std::string& contact) {
  const std::string who = terminal_safe(contact);
  return std::string("lookalike/") + kVersion + " (" + (who.empty() ? "" : who + "; ") +
         "command-line image search by its user; libcurl)";
}

// Puts the cache between the search and its photos, if what is said of them may be kept.
Status cache_features(const SearchCommandOptions& options, const std::shared_ptr<CacheQueue>& cache,
                      SearchParts& parts) {
  auto identity = photo_identity_of(options, parts);
  if (!identity.ok()) return identity.error();
  if (!*identity) return {};
  parts.features = std::make_unique<CachingFeatureSource>(std::move(parts.features), cache, std::move(**identity));
  return {};
}

std::unique_ptr<Provider> cached(std::unique_ptr<Provider> provider, const std::shared_ptr<CacheQueue>& cache,
                                 const ProviderSettings& settings) {
  CachingProvider::Settings kept{
      .identity = joined_parts({settings.provider, settings.endpoint, settings.licenses, settings.safe,
                                settings.api_key.empty() ? "" : "with a key"}),  // which may mean larger pages
      .secret = settings.api_key.empty() ? "" : secrets_of_key(settings.api_key).back()};
  return std::make_unique<CachingProvider>(std::move(provider), cache, std::move(kept));
}

ImageFetchOptions images_of(const ProviderSettings& source) {
  return {.scope = image_scope(source), .allow_plain_http = (*find_provider(source.provider))->plain_http_images};
}

// An image address that one source names must not profit from what another one is allowed.
ImageFetchRules image_rules(std::span<const ProviderSettings> sources) {
  if (sources.size() == 1) return images_of(sources[0]);
  ImageFetchRules rules;
  for (const ProviderSettings& source : sources)
    rules.by_provider[std::string((*find_provider(source.provider))->name)] = images_of(source);
  return rules;
}

constexpr int64_t kMaxStopListBytes = 4 << 20;
constexpr const char* kStopTagsOff = "off";

// Null when any tag is to be followed. Words that the user gave are kept.
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

// A mail address or a page, as services mean it.
bool says_contact(const NetworkOptions& network) {
  const std::string& who = network.user_agent.empty() ? network.contact : network.user_agent;
  return who.find('@') != std::string::npos || who.find("://") != std::string::npos;
}

void ask_for_contact(const ProviderSettings& settings, const NetworkOptions& network) {
  const auto info = find_provider(settings.provider);
  if (!info.ok() || !(*info)->wants_contact || image_scope(settings) == AddressScope::loopback) return;
  if (says_contact(network) || !settings.log) return;
  settings.log(LogLevel::warning,
               std::string((*info)->name) +
                   " asks every program to say how its user can be reached, and allows many more calls then: give "
                   "--contact with your mail address or page, or set LOOKALIKE_CONTACT");
}

// A source whose terms ask for a cache gets one, even when the user asked for none.
CacheOptions cache_options(CacheOptions cache, const ProviderSettings& settings) {
  const auto info = find_provider(settings.provider);
  const bool must = info.ok() && (*info)->must_cache;
  const std::filesystem::path usual = cache_folder(environment_variable);
  if (!must || cache.folder.value_or(kCacheOff) != kCacheOff || usual.empty()) return cache;
  cache.folder = usual.string();
  if (settings.log) {
    settings.log(LogLevel::info, "answers are kept in " + *cache.folder + " for 24 hours, as the terms of " +
                                     std::string((*info)->name) + " ask");
  }
  return cache;
}

void prepare_source(ProviderSettings& source, const SearchCommandOptions& options, const Clock& clock, LogWriter& log,
                    SearchParts& parts) {
  source.retries = options.network.retries;
  source.timeout = request_time_limit(options.network);
  source.has_contact = says_contact(options.network);
  ask_for_contact(source, options.network);
  auto quota = make_hourly_quota(options.source, source, environment_variable, clock, log.sink());
  if (!quota) return;
  source.gate = quota.get();
  parts.quotas.push_back(std::move(quota));
}

bool has_local_files(const ProviderSettings& source) {
  return (*find_provider(source.provider))->local_files;
}

// How embeddings of photos on this disk are kept: each network has its share of the memory. Null when there are none.
KeepEmbeddings keep_embeddings(const SearchCommandOptions& options, std::span<const ProviderSettings> sources,
                               size_t images, const Clock& clock, const SearchParts& parts, LogWriter& log) {
  if (std::ranges::none_of(sources, has_local_files)) return nullptr;
  CacheOptions cache = options.cache;
  cache.memory_bytes /= parts.score_networks.size() + 1;
  return [cache, images, &clock, sink = log.sink()](const std::string& identity) {
    return make_local_embeddings(cache, images, identity, clock, sink);
  };
}

// All sources as one, each behind the cache if there is one.
Result<std::unique_ptr<Provider>> make_providers(std::span<const ProviderSettings> sources,
                                                 const std::shared_ptr<CacheQueue>& cache,
                                                 const std::shared_ptr<CallAllowance>& allowance, HttpClient& http,
                                                 LogWriter& log) {
  std::vector<std::unique_ptr<Provider>> providers;
  for (const ProviderSettings& source : sources) {
    auto provider = make_provider(source, http);
    if (!provider.ok()) return provider.error();
    auto made = cache ? cached(std::move(*provider), cache, source) : std::move(*provider);
    if (allowance) made = std::make_unique<AllowedProvider>(std::move(made), allowance);
    providers.push_back(std::move(made));
  }
  if (providers.size() == 1) return std::move(providers[0]);
  return std::unique_ptr<Provider>(std::make_unique<JoinedProvider>(std::move(providers), log.sink()));
}

}  // namespace

HourlyQuota* SearchParts::tightest_quota() const {
  HourlyQuota* tightest = nullptr;
  for (const auto& quota : quotas) {
    if (tightest == nullptr || (quota->limit() > 0 && quota->limit() < tightest->limit())) tightest = quota.get();
  }
  return tightest;
}

HttpOptions http_options(const NetworkOptions& network, int parallel, const LogSink& log) {
  return {.user_agent = network.user_agent.empty() ? default_user_agent(network.contact) : network.user_agent,
          .proxy = network.proxy,
          .ca_file = network.ca_file,
          .timeout = request_time_limit(network),
          .connect_timeout = std::min(request_time_limit(network), std::chrono::milliseconds(10'000)),
          .retries = network.retries,
          .max_connections = parallel,
          .max_connections_per_host = parallel,
          .log = log};
}

HttpOptions http_options_for(std::span<const ProviderSettings> sources, const NetworkOptions& network, int parallel,
                             const LogSink& log) {
  HttpOptions options = http_options(network, parallel, log);
  for (const ProviderSettings& source : sources) {
    const auto info = find_provider(source.provider);
    if (info.ok()) std::ranges::copy((*info)->host_policies, std::back_inserter(options.host_policies));
  }
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

Result<SearchParts> build_search_parts(const SearchCommandOptions& options, size_t images, const Clock& clock,
                                       LogWriter& log, const InputPatience& patience) {
  SearchParts parts;
  if (Status chosen = choose_networks(options, parts); !chosen.ok()) return chosen.error();
  auto sources = choose_sources(options.source, log, patience);
  if (!sources.ok()) return sources.error();
  auto cleaner = make_tag_cleaner(options, patience);
  if (!cleaner.ok()) return cleaner.error();
  parts.tag_cleaner = std::move(*cleaner);
  for (ProviderSettings& source : *sources)
    prepare_source(source, options, clock, log, parts);
  parts.budgets = search_budgets(options, *sources, images);
  load_networks(options, parts);
  for (const auto& quota : parts.quotas)
    quota->prepare();
  parts.http = std::make_unique<HttpClient>(http_options_for(*sources, options.network, options.parallel, log.sink()));
  const auto keep = keep_embeddings(options, *sources, images, clock, parts, log);
  parts.features =
      std::make_unique<PhotoFeatureSource>(*parts.http, image_rules(*sources), photo_parts(options, parts, keep));
  CacheOptions cache = options.cache;
  for (const ProviderSettings& source : *sources)
    cache = cache_options(std::move(cache), source);
  const auto kept = make_cache(cache, images, clock, log.sink());
  if (options.batch.total_calls) parts.allowance = std::make_shared<CallAllowance>(*options.batch.total_calls);
  auto provider = make_providers(*sources, kept, parts.allowance, *parts.http, log);
  if (!provider.ok()) return provider.error();
  parts.provider = std::move(*provider);
  auto plan = plan_search(options, parts.budgets, *parts.provider);
  if (!plan.ok()) return plan.error();
  parts.plan = *plan;
  auto words = open_word_vectors(open_model_store(), *parts.plan.strategy, log.sink());
  if (!words.ok()) return words.error();
  parts.words = std::move(*words);
  if (kept) {
    if (Status added = cache_features(options, kept, parts); !added.ok()) return added.error();
  }
  return parts;
}

std::chrono::milliseconds request_time_limit(const NetworkOptions& network) {
  return std::chrono::milliseconds(static_cast<int64_t>(network.timeout_seconds * 1000));
}

Result<NetworkSizes> loaded_sizes(EmbeddingWorkers& workers, NetworkSpec& network) {
  std::promise<Result<NetworkSizes>> promise;
  auto sizes = promise.get_future();
  workers.submit([&](const Result<Embedder*>& loaded) {
    if (!loaded.ok()) return promise.set_value(loaded.error());
    // Written once: searches that go on at the same time read it.
    if (network.feature_layer != (*loaded)->spec().feature_layer)
      network.feature_layer = (*loaded)->spec().feature_layer;
    // Of the bytes that were loaded, whatever stands in the file by now: stored embeddings go under it.
    if (network.sha256 != (*loaded)->spec().sha256) network.sha256 = (*loaded)->spec().sha256;
    if (network.input_size != (*loaded)->spec().input_size) network.input_size = (*loaded)->spec().input_size;
    promise.set_value(NetworkSizes{.embedding = (*loaded)->dimensions(), .output = (*loaded)->output_dimensions()});
  });
  return sizes.get();
}

}  // namespace lookalike

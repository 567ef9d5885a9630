#include "cli/wiring/search_setup.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "cli/options/api_keys.h"
#include "cli/options/user_folders.h"
#include "cli/wiring/hourly_calls.h"
#include "cli/wiring/http_options.h"
#include "cli/wiring/network_choice.h"
#include "cli/wiring/search_cache.h"
#include "cli/wiring/strategy_words.h"
#include "core/cache/cache_store.h"
#include "core/cache/caching_feature_source.h"
#include "core/cache/caching_provider.h"
#include "core/pipeline/joined_provider.h"
#include "core/pipeline/photo_feature_source.h"

namespace lookalike {
namespace {

const ProviderInfo& info_of(const ProviderSettings& source) {
  return **find_provider(source.provider);
}

ImageFetchOptions images_of(const ProviderSettings& source) {
  return {.scope = image_scope(source), .allow_plain_http = info_of(source).plain_http_images};
}

// An image address that one source names must not profit from what another one is allowed.
ImageFetchRules image_rules(const std::vector<ProviderSettings>& sources) {
  if (sources.size() == 1) return images_of(sources[0]);
  ImageFetchRules rules;
  for (const ProviderSettings& source : sources)
    rules.by_provider[std::string(info_of(source).name)] = images_of(source);
  return rules;
}

// A source whose terms ask for a cache gets one, even when the user asked for none.
CacheOptions cache_options(const CheckedOptions& options) {
  CacheOptions cache = options.given.cache;
  const std::filesystem::path usual = cache_folder(environment_variable);
  for (const ProviderSettings& source : options.sources) {
    const bool has_one = cache.folder.value_or(kCacheOff) != kCacheOff;
    if (!info_of(source).must_cache || has_one || usual.empty()) continue;
    cache.folder = usual.string();
    if (!source.log) continue;
    source.log(LogLevel::info, "answers are kept in " + *cache.folder + " for 24 hours, as the terms of " +
                                   std::string(info_of(source).name) + " ask");
  }
  return cache;
}

// How embeddings of photos on this disk are kept: each network has its share of the memory. Null when there are none.
PhotoScoring::KeepEmbeddings keep_embeddings(const CheckedOptions& options, const Clock& clock, const LogSink& log) {
  const bool any_local =
      std::ranges::any_of(options.sources, [](const ProviderSettings& source) { return info_of(source).local_files; });
  if (!any_local) return nullptr;
  CacheOptions cache = options.given.cache;
  cache.memory_bytes /= options.networks.scoring.size() + 1;
  return [cache, images = options.images, &clock, log](const std::string& identity) {
    return make_local_embeddings(cache, images, identity, clock, log);
  };
}

std::unique_ptr<Provider> cached(std::unique_ptr<Provider> provider, const std::shared_ptr<CacheQueue>& cache,
                                 const ProviderSettings& source) {
  if (!cache) return provider;
  CachingProvider::Settings kept{
      .identity = joined_parts({source.provider, source.endpoint, source.licenses, source.safe,
                                source.api_key.empty() ? "" : "with a key"}),  // which may mean larger pages
      .secret = source.api_key.empty() ? "" : secrets_of_key(source.api_key).back()};
  return std::make_unique<CachingProvider>(std::move(provider), cache, std::move(kept));
}

// Photos' embeddings come out of the cache where what makes them may be kept.
Result<std::unique_ptr<FeatureSource>> cached(std::unique_ptr<FeatureSource> features,
                                              const std::shared_ptr<CacheQueue>& cache, const PhotoScoring& scoring) {
  if (!cache) return features;
  auto identity = scoring.cache_identity();
  if (!identity.ok()) return identity.error();
  if (!*identity) return features;
  return std::unique_ptr<FeatureSource>(
      std::make_unique<CachingFeatureSource>(std::move(features), cache, std::move(**identity)));
}

std::unique_ptr<Provider> joined(std::vector<std::unique_ptr<Provider>> providers, const LogSink& log) {
  if (providers.size() == 1) return std::move(providers[0]);
  return std::make_unique<JoinedProvider>(std::move(providers), log);
}

std::vector<std::unique_ptr<HourlyQuota>> make_quotas(const CheckedOptions& options, const Clock& clock,
                                                      const LogSink& log) {
  std::vector<std::unique_ptr<HourlyQuota>> quotas;
  for (const ProviderSettings& source : options.sources)
    quotas.push_back(make_hourly_quota(options.given.source, source, environment_variable, clock, log));
  return quotas;
}

std::shared_ptr<CallAllowance> make_allowance(const CheckedOptions& options) {
  const auto& calls = options.given.batch.total_calls;
  return calls ? std::make_shared<CallAllowance>(*calls) : nullptr;
}

}  // namespace

SearchSetup::SearchSetup(CheckedOptions options, const Clock& clock, LogWriter& log)
    : options_(std::move(options)),
      quotas_(make_quotas(options_, clock, log.sink())),
      budgets_(search_budgets(options_.given, options_.sources, options_.images)),
      scoring_(options_),  // networks load from here on
      allowance_(make_allowance(options_)),
      http_(http_options_for(options_.sources, options_.given.network, options_.given.parallel, log.sink())) {
  for (const auto& quota : quotas_) {
    if (quota) quota->prepare();
  }
}

Result<std::unique_ptr<SearchSetup>> SearchSetup::build(CheckedOptions options, const Clock& clock, LogWriter& log) {
  std::unique_ptr<SearchSetup> setup(new SearchSetup(std::move(options), clock, log));
  if (const Status opened = setup->open_sources(clock, log); !opened.ok()) return opened.error();
  auto plan = plan_search(setup->options_.given, setup->budgets_, *setup->provider_);
  if (!plan.ok()) return plan.error();
  setup->plan_ = *plan;
  auto words = open_word_vectors(open_model_store(), *setup->plan_.strategy, log.sink());
  if (!words.ok()) return words.error();
  setup->words_ = std::move(*words);
  return setup;
}

// All sources as one, each behind the cache if there is one; and what fetches and scores their photos.
Status SearchSetup::open_sources(const Clock& clock, LogWriter& log) {
  const auto cache = make_cache(cache_options(options_), options_.images, clock, log.sink());
  std::vector<std::unique_ptr<Provider>> providers;
  for (size_t i = 0; i < options_.sources.size(); ++i) {
    ProviderSettings source = options_.sources[i];
    source.gate = quotas_[i].get();
    auto provider = make_provider(source, http_);
    if (!provider.ok()) return provider.error();
    auto made = cached(std::move(*provider), cache, source);
    if (allowance_) made = std::make_unique<AllowedProvider>(std::move(made), allowance_);
    providers.push_back(std::move(made));
  }
  provider_ = joined(std::move(providers), log.sink());
  auto parts = scoring_.photo_parts(keep_embeddings(options_, clock, log.sink()));
  auto features = cached(std::make_unique<PhotoFeatureSource>(http_, image_rules(options_.sources), std::move(parts)),
                         cache, scoring_);
  if (!features.ok()) return features.error();
  features_ = std::move(*features);
  return {};
}

HourlyQuota* SearchSetup::tightest_quota() const {
  HourlyQuota* tightest = nullptr;
  for (const auto& quota : quotas_) {
    if (!quota) continue;
    if (tightest == nullptr || (quota->limit() > 0 && quota->limit() < tightest->limit())) tightest = quota.get();
  }
  return tightest;
}

}  // namespace lookalike

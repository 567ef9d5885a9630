#include "core/cache/caching_feature_source.h"

#include <optional>
#include <utility>

#include "core/base/text/digest.h"
#include "core/cache/cache_store.h"
#include "core/cache/cached_records.h"

namespace lookalike {
namespace {

std::string numbers(const std::array<float, 3>& values) {
  std::string text;
  for (const float value : values)
    text += std::to_string(value) + " ";
  return text;
}

}  // namespace

Result<std::string> embedding_identity(const NetworkSpec& spec) {
  std::string digest = spec.sha256;
  if (digest.empty()) {
    auto computed = sha256_of_file(spec.path);
    if (!computed) return computed.error();
    digest = *std::move(computed);
  }
  return joined_parts({digest, spec.embeds_output ? "output " + spec.logits_layer : "layer " + spec.feature_layer,
                       std::to_string(spec.input_size), spec.rgb ? "rgb" : "bgr", numbers(spec.mean),
                       numbers(spec.scale)});
}

CachingFeatureSource::CachingFeatureSource(std::unique_ptr<FeatureSource> inner, std::shared_ptr<CacheQueue> cache,
                                           std::string identity)
    : inner_(std::move(inner)), cache_(std::move(cache)), identity_(std::move(identity)) {}

CachingFeatureSource::~CachingFeatureSource() {
  cache_->close();
}

void CachingFeatureSource::fetch(const Photo& photo, int max_requests, Reports reports) {
  if (!photo.local_path.empty()) return inner_->fetch(photo, max_requests, std::move(reports));
  const std::string key = cache_key({"embedding", identity_, joined_parts({"url", photo.image_url})});
  cache_->look_up(key, [this, photo, max_requests, key,
                        reports = std::move(reports)](const std::optional<std::string>& found) mutable {
    if (found) {
      if (auto known = parse_cached_embedding(*found); known.ok())
        return reports.done({*std::move(known), {.cached = true}});
    }
    ask(photo, max_requests, std::move(key), std::move(reports));
  });
}

void CachingFeatureSource::ask(const Photo& photo, int max_requests, std::string key, Reports reports) {
  SingleFlight<FeatureAnswer>::Waiter waiter = [done = reports.done](const FeatureAnswer& answer) {
    FeatureAnswer shared{answer.embedding, {.cached = answer.embedding.ok()}};
    // What another search had no patience to wait for may yet come for this one.
    if (!shared.embedding.ok())
      shared.embedding = Error{shared.embedding.error().code, shared.embedding.error().message};
    done(std::move(shared));
  };
  if (!flights_->join(key, waiter)) return;
  // The callback may come when this is being destroyed, so it holds what it uses.
  reports.done = [cache = cache_, flights = flights_, key = std::move(key),
                  done = std::move(reports.done)](FeatureAnswer answer) {
    flights->finish(key, answer, answer.embedding.ok());
    if (answer.embedding.ok()) {
      cache->keep([flights, key, embedding = *answer.embedding]() -> std::optional<CacheRecord> {
        flights->forget(key);  // as in caching_provider.cc
        return CacheRecord{key, CacheKind::embedding, write_cached_embedding(embedding)};
      });
    }
    done(std::move(answer));
  };
  inner_->fetch(photo, max_requests, std::move(reports));
}

}  // namespace lookalike

#include "core/cache/caching_provider.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "core/cache/cache_store.h"
#include "core/cache/cached_records.h"

namespace lookalike {
namespace {

PhotoQuery rounded(PhotoQuery query) {
  if (query.uploaded_before) query.uploaded_before = std::chrono::floor<std::chrono::days>(*query.uploaded_before);
  return query;
}

std::string bound_text(const PhotoQuery& query) {
  return query.uploaded_before ? std::to_string(query.uploaded_before->time_since_epoch().count()) : "";
}

bool may_be_kept(const PhotoPage& page) {
  return std::none_of(page.photos.begin(), page.photos.end(),
                      [](const Photo& photo) { return !photo.local_path.empty(); });
}

// What another search had no patience to wait for may yet come for this one.
Error others_error(Error error) {
  if (error.cause == ErrorCause::rate) error.cause = ErrorCause::other;
  return error;
}

using Flights = std::shared_ptr<SingleFlight<PhotoAnswer>>;

// Look-ups and records are on one thread, so whoever looks after the flight is forgotten finds the record.
CacheQueue::MakeRecord record_of(std::string key, PhotoPage page, std::string secret, Flights flights) {
  return [key = std::move(key), page = std::move(page), secret = std::move(secret),
          flights = std::move(flights)]() -> std::optional<CacheRecord> {
    flights->forget(key);
    std::string bytes = write_cached_page(page);
    if (!secret.empty() && bytes.find(secret) != std::string::npos) return std::nullopt;
    return CacheRecord{key, CacheKind::answer, std::move(bytes)};
  };
}

}  // namespace

CachingProvider::CachingProvider(std::unique_ptr<Provider> inner, std::shared_ptr<CacheQueue> cache, Settings settings)
    : inner_(std::move(inner)), cache_(std::move(cache)), settings_(std::move(settings)) {}

CachingProvider::~CachingProvider() {
  cache_->close();
}

std::string CachingProvider::key_of(const PhotoQuery& query) const {
  return cache_key({"page", settings_.identity, query.text, query.is_tag ? "tag" : "words", std::to_string(query.page),
                    std::to_string(query.per_page), bound_text(query)});
}

void CachingProvider::search(const PhotoQuery& query, Done done) {
  const PhotoQuery asked = rounded(query);
  const std::string key = key_of(asked);
  cache_->look_up(key, [this, asked, key, done = std::move(done)](const std::optional<std::string>& found) mutable {
    if (found) {
      if (auto page = parse_cached_page(*found); page.ok()) return done({*std::move(page), {.cached = true}});
    }
    ask(asked, std::move(key), std::move(done));
  });
}

void CachingProvider::ask(const PhotoQuery& query, std::string key, Done done) {
  SingleFlight<PhotoAnswer>::Waiter waiter = [done](const PhotoAnswer& answer) {
    PhotoAnswer shared{answer.page, {.cached = answer.page.ok()}};
    if (!shared.page.ok()) shared.page = others_error(shared.page.error());
    done(std::move(shared));
  };
  if (!flights_->join(key, waiter)) return;
  // The callback may come when this is being destroyed, so it holds what it uses.
  inner_->search(query, [cache = cache_, flights = flights_, secret = settings_.secret, key = std::move(key),
                         done = std::move(done)](PhotoAnswer answer) {
    const bool keep = answer.page.ok() && may_be_kept(*answer.page);
    flights->finish(key, answer, keep);
    if (keep) cache->keep(record_of(key, *answer.page, secret, flights));
    done(std::move(answer));
  });
}

}  // namespace lookalike

#include "tests/core/search/session/fake_service.h"

#include <algorithm>

namespace lookalike {

PhotoAnswer FakeService::answer(const PhotoQuery& query) {
  asked.push_back(query.text);
  TransferCost cost{.requests = std::min(requests_per_call, query.max_requests), .bytes = 100};
  if (cached) cost = {.cached = true};
  if (call_fault) {
    if (auto error = call_fault(query)) return {*error, cost};
  }
  std::vector<Photo> matching;
  for (const FakePhoto& photo : photos_) {
    if (std::find(photo.tags.begin(), photo.tags.end(), query.text) == photo.tags.end()) continue;
    matching.push_back({.provider = "fake",
                        .id = photo.id,
                        .page_url = "https://photos.example/" + photo.id,
                        .image_url = "https://images.example/" + photo.id + ".jpg",
                        .local_path = on_this_disk ? "/photos/" + photo.id : "",
                        .tags = photo.tags});
  }
  const size_t first = static_cast<size_t>(query.page - 1) * static_cast<size_t>(query.per_page);
  const size_t last = std::min(matching.size(), first + static_cast<size_t>(query.per_page));
  PhotoPage page;
  for (size_t i = first; i < last; ++i)
    page.photos.push_back(matching[i]);
  page.has_more = last < matching.size();
  return {std::move(page), cost};
}

FeatureAnswer FakeService::features(const Photo& photo) {
  ++looked_at[photo.id];
  TransferCost cost{.requests = requests_per_look, .bytes = 1000};
  if (cached) cost = {.cached = true};
  if (image_fault) {
    if (auto error = image_fault(photo)) return {*error, cost};
  }
  const auto known = std::find_if(photos_.begin(), photos_.end(), [&](const FakePhoto& p) { return p.id == photo.id; });
  return {Embedding{known->value}, cost};
}

Score ValueScorer::score(std::span<const float> embedding) const {
  const double value = static_cast<double>(embedding[0]);
  return {.order = value, .score = std::exp(value), .log_score = value, .cosine = 1};
}

SearchOutcome run_session(SearchSession& session, FakeService& service, Random* shuffle) {
  std::vector<std::function<void()>> arrivals;
  while (true) {
    for (const Command& command : session.next_commands()) {
      if (const auto* ask = std::get_if<AskCommand>(&command)) {
        arrivals.push_back([&session, ticket = ask->ticket, answer = service.answer(ask->query)] {
          session.on_photos(ticket, answer);
        });
      } else {
        const auto& look = std::get<LookCommand>(command);
        const std::function<void()> features = [&session, ticket = look.ticket,
                                                answer = service.features(*look.photo)] {
          session.on_features(ticket, answer);
        };
        if (!service.tells_transfers) {
          arrivals.push_back(features);
          continue;
        }
        arrivals.push_back([&session, &arrivals, ticket = look.ticket, features] {
          session.on_transferred(ticket, {.requests = 1, .bytes = 1000});
          arrivals.push_back(features);
        });
      }
    }
    if (session.finished()) return session.outcome();
    const size_t next = shuffle == nullptr ? 0 : shuffle->below(arrivals.size());
    const auto arrival = arrivals[next];
    arrivals.erase(arrivals.begin() + static_cast<ptrdiff_t>(next));
    arrival();
  }
}

}  // namespace lookalike

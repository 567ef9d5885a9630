#include "core/search/search_engine.h"

#include <memory>
#include <utility>
#include <variant>

#include "core/base/mailbox.h"

namespace lookalike {
namespace {

struct PhotosArrived {
  int ticket;
  PhotoAnswer answer;
};

struct TransferEnded {
  int ticket;
  TransferCost cost;
};

struct FeaturesArrived {
  int ticket;
  FeatureAnswer answer;
};

struct QueryKnown {
  SearchEngine::TellQuery tell;
};

using Arrival = std::variant<PhotosArrived, TransferEnded, FeaturesArrived, QueryKnown>;
// Shared with the callbacks, which may come when the search is over.
using Arrivals = std::shared_ptr<Mailbox<Arrival>>;

void send(const AskCommand& command, Provider& provider, const Arrivals& arrivals) {
  provider.search(command.query, [arrivals, ticket = command.ticket](PhotoAnswer answer) {
    arrivals->push(PhotosArrived{ticket, std::move(answer)});
  });
}

void send(const LookCommand& command, FeatureSource& features, const Arrivals& arrivals) {
  const int ticket = command.ticket;
  features.fetch(*command.photo, command.max_requests,
                 {.transferred =
                      [arrivals, ticket](TransferCost cost) {
                        arrivals->push(TransferEnded{ticket, cost});
                      },
                  .done =
                      [arrivals, ticket](FeatureAnswer answer) {
                        arrivals->push(FeaturesArrived{ticket, std::move(answer)});
                      }});
}

void report(Arrival arrival, SearchSession& session) {
  if (auto* photos = std::get_if<PhotosArrived>(&arrival)) session.on_photos(photos->ticket, std::move(photos->answer));
  if (const auto* ended = std::get_if<TransferEnded>(&arrival)) session.on_transferred(ended->ticket, ended->cost);
  if (auto* features = std::get_if<FeaturesArrived>(&arrival)) {
    session.on_features(features->ticket, std::move(features->answer));
  }
  if (const auto* query = std::get_if<QueryKnown>(&arrival)) query->tell(session);
}

}  // namespace

SearchOutcome SearchEngine::run(SearchSession& session, std::stop_token stop,
                                std::optional<std::chrono::steady_clock::time_point> deadline, const Progress& progress,
                                const FindQuery& find_query) {
  const auto arrivals = std::make_shared<Mailbox<Arrival>>();
  if (find_query) find_query([arrivals](TellQuery tell) { arrivals->push(QueryKnown{std::move(tell)}); });
  const auto forever = clock_.now() + std::chrono::hours(24 * 365);
  while (true) {
    if (stop.stop_requested()) return session.outcome(StopReason::interrupted);
    if (deadline && clock_.now() >= *deadline) return session.outcome(StopReason::time_limit);
    for (const Command& command : session.next_commands()) {
      if (const auto* ask = std::get_if<AskCommand>(&command)) send(*ask, provider_, arrivals);
      if (const auto* look = std::get_if<LookCommand>(&command)) send(*look, features_, arrivals);
    }
    if (session.finished()) return session.outcome();
    auto arrival = arrivals->pop(stop, deadline.value_or(forever));
    if (!arrival) continue;  // stopped, or the deadline passed
    // All that has come by now: the next choices are made with it.
    for (; arrival; arrival = arrivals->try_pop())
      report(std::move(*arrival), session);
    if (progress) progress(session);
  }
}

}  // namespace lookalike

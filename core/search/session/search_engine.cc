#include "core/search/session/search_engine.h"

#include <algorithm>
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

// How long a search that is held up waits for the one report that holds it up.
class HoldUp {
 public:
  explicit HoldUp(const Clock& clock) : clock_(clock) {}

  SearchEngine::TimePoint end_for(const SearchSession& session) {
    const std::optional<int> ticket = session.held_up_by();
    if (ticket != ticket_) begun_ = clock_.now();
    ticket_ = ticket;
    return ticket ? begun_ + kLongestHoldUp : forever_;
  }

 private:
  // Several times what an answer of a service takes, and less than what a person takes for a standstill.
  static constexpr std::chrono::seconds kLongestHoldUp{2};

  const Clock& clock_;
  const SearchEngine::TimePoint forever_ = clock_.now() + std::chrono::hours(24 * 365);
  std::optional<int> ticket_;
  SearchEngine::TimePoint begun_;
};

}  // namespace

SearchOutcome SearchEngine::run(SearchSession& session, std::stop_token stop, std::optional<TimePoint> deadline,
                                const Progress& progress, const FindQuery& find_query) {
  const auto arrivals = std::make_shared<Mailbox<Arrival>>();
  if (find_query) find_query([arrivals](TellQuery tell) { arrivals->push(QueryKnown{std::move(tell)}); });
  const auto show = [&] {
    if (progress) progress(session);
  };
  const auto end = [&](StopReason reason) {
    while (auto arrival = arrivals->try_pop())
      report(std::move(*arrival), session);
    session.take_in_all();
    show();
    return session.outcome(reason);
  };
  HoldUp hold_up(clock_);
  bool has_news = true;
  while (true) {
    if (stop.stop_requested()) return end(StopReason::interrupted);
    if (deadline && clock_.now() >= *deadline) return end(StopReason::time_limit);
    for (const Command& command : session.next_commands()) {
      if (const auto* ask = std::get_if<AskCommand>(&command)) send(*ask, provider_, arrivals);
      if (const auto* look = std::get_if<LookCommand>(&command)) send(*look, features_, arrivals);
    }
    if (std::exchange(has_news, false)) show();
    if (session.finished()) return session.outcome();
    auto arrival = arrivals->pop(stop, std::min(hold_up.end_for(session), deadline.value_or(TimePoint::max())));
    // All that has come by now: the next choices are made with it.
    for (; arrival; arrival = arrivals->try_pop()) {
      report(std::move(*arrival), session);
      has_news = true;
    }
    if (clock_.now() >= hold_up.end_for(session)) session.let_go();
  }
}

}  // namespace lookalike

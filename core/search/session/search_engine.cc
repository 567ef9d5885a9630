#include "core/search/session/search_engine.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/mailbox.h"
#include "core/base/thread_start.h"

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
  Result<SearchQuery> query;
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

// An error when there is nothing to search for.
Status report(Arrival arrival, SearchSession& session) {
  if (auto* photos = std::get_if<PhotosArrived>(&arrival)) session.on_photos(photos->ticket, std::move(photos->answer));
  if (const auto* ended = std::get_if<TransferEnded>(&arrival)) session.on_transferred(ended->ticket, ended->cost);
  if (auto* features = std::get_if<FeaturesArrived>(&arrival)) {
    session.on_features(features->ticket, std::move(features->answer));
  }
  if (auto* known = std::get_if<QueryKnown>(&arrival)) {
    if (!known->query.ok()) return known->query.error();
    session.on_query(*std::move(known->query));
  }
  return {};
}

// A thread that describes the query; where none can be started it is described at once. Joins at its end.
std::vector<std::jthread> begin_describing(SearchEngine::DescribeQuery describe, const Arrivals& arrivals) {
  std::vector<std::jthread> thread;
  if (!describe) return thread;
  const auto run = [describe = std::move(describe), arrivals] { arrivals->push(QueryKnown{describe()}); };
  if (!start_if_possible(thread, run)) run();
  return thread;
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

Result<SearchOutcome> SearchEngine::run(SearchSession& session, std::stop_token stop, std::optional<TimePoint> deadline,
                                        const Progress& progress, DescribeQuery describe) {
  const auto arrivals = std::make_shared<Mailbox<Arrival>>();
  const std::vector<std::jthread> describing = begin_describing(std::move(describe), arrivals);
  const auto show = [&] {
    if (progress) progress(session);
  };
  // What has come and was not taken in yet counts, too.
  const auto end = [&](StopReason reason) -> Result<SearchOutcome> {
    while (auto arrival = arrivals->try_pop()) {
      if (Status taken = report(std::move(*arrival), session); !taken.ok()) return taken.error();
    }
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
      if (Status taken = report(std::move(*arrival), session); !taken.ok()) return taken.error();
      has_news = true;
    }
    if (clock_.now() >= hold_up.end_for(session)) session.let_go();
  }
}

}  // namespace lookalike

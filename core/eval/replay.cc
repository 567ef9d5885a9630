#include "core/eval/replay.h"

#include <cmath>
#include <functional>
#include <numbers>
#include <queue>

#include "core/base/random.h"

namespace lookalike {
namespace {

// The scores were computed beforehand: whatever the embedding is, it is that of the photo named last.
class TableScorer final : public Scorer {
 public:
  explicit TableScorer(const std::vector<double>& orders) : orders_(orders) {}
  void name_photo(size_t photo) { photo_ = photo; }
  Score score(std::span<const float>) const override {
    const double order = orders_[photo_];
    return {.order = order, .score = std::exp(order), .log_score = order, .cosine = 0};
  }

 private:
  const std::vector<double>& orders_;
  size_t photo_ = 0;
};

struct Arrival {
  double at_ms;
  int sequence;
  Command command;
  bool operator>(const Arrival& other) const {
    return at_ms != other.at_ms ? at_ms > other.at_ms : sequence > other.sequence;
  }
};

class ReplayRun {
 public:
  ReplayRun(const FrozenService& service, TableScorer& scorer, size_t hidden, const ReplayDelays& delays,
            const PhotoFeatures& features, uint64_t seed)
      : service_(service), scorer_(scorer), hidden_(hidden), delays_(delays), features_(features), random_(seed) {}

  Replay run(SearchSession& session) {
    while (true) {
      for (Command& command : session.next_commands())
        send(std::move(command));
      if (arrivals_.empty()) break;
      const Arrival arrival = arrivals_.top();
      arrivals_.pop();
      now_ms_ = arrival.at_ms;
      deliver(arrival.command, session);
    }
    replay_.counts = session.counts();
    replay_.stopped_by = session.outcome().stopped_by;
    return std::move(replay_);
  }

 private:
  void send(Command command) {
    const double median = std::holds_alternative<AskCommand>(command) ? delays_.call_ms : delays_.image_ms;
    // Box and Muller's normal variate.
    const double normal =
        std::sqrt(-2 * std::log(1 - random_.uniform())) * std::cos(2 * std::numbers::pi * random_.uniform());
    arrivals_.push({now_ms_ + median * std::exp(delays_.sigma * normal), sequence_++, std::move(command)});
  }

  void deliver(const Command& command, SearchSession& session) {
    constexpr TransferCost kOneRequest{.requests = 1};
    if (const auto* ask = std::get_if<AskCommand>(&command)) {
      return session.on_photos(ask->ticket, {service_.search(ask->query, hidden_), kOneRequest});
    }
    const auto& look = std::get<LookCommand>(command);
    const size_t number = FrozenService::number_of(*look.photo);
    scorer_.name_photo(number);
    session.on_features(look.ticket, {embedding_of(number), kOneRequest});
    replay_.steps.push_back(
        {static_cast<uint32_t>(number), session.counts().api_calls, session.counts().images_downloaded, now_ms_});
  }

  Embedding embedding_of(size_t photo) const {
    if (!features_) return {};
    const std::span<const float> features = features_(photo);
    return {features.begin(), features.end()};
  }

  const FrozenService& service_;
  TableScorer& scorer_;
  size_t hidden_;
  ReplayDelays delays_;
  const PhotoFeatures& features_;
  Random random_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  int sequence_ = 0;
  double now_ms_ = 0;
  Replay replay_;
};

}  // namespace

Replay replay_search(const FrozenService& service, const std::vector<double>& orders, size_t hidden,
                     const SearchOptions& options, const Strategy& strategy, const ReplayDelays& delays,
                     const PhotoFeatures& features) {
  TableScorer scorer(orders);
  SearchSession session(options, strategy, scorer);
  return ReplayRun(service, scorer, hidden, delays, features, options.seed).run(session);
}

}  // namespace lookalike

// A search without network and without waiting: a session of the engine runs on a frozen collection under a clock that
// only exists here.
//
// The session says what it wants to ask and to look at (commands). Each command is given the moment at which its answer
// would arrive, and lies in a queue ordered by that. The earliest is taken out, the clock is set to its moment, and the
// session is told. That may bring new commands, which are sent at that moment. When the queue is empty, the search has
// ended. So the order of arrivals is as varied as in a real search, and the same seed gives the same one.
//
// How long a transfer takes is drawn from a log-normal distribution, whose tail is long, as those of real services are.
// The photos' host may allow only so many transfers at once, and only so many a second after a burst: then a transfer
// begins when the first of those under way has ended, or when the limiter lets it.
//
// Example, with calls of 300 ms, images of 100 ms, and one image at once:
//       0 ms  the session asks "cat"                        arrives at 300
//     300 ms  the answer brings photos 7 and 9; it looks    7 takes 300 to 400, 9 waits and takes 400 to 500
//     400 ms  photo 7 arrives: the first step of the replay, after one call and one image
//     500 ms  photo 9 arrives: the second
#include "core/eval/replay.h"

#include <bit>
#include <chrono>
#include <cmath>
#include <functional>
#include <numbers>
#include <optional>
#include <queue>

#include "core/base/random.h"
#include "core/http/host_policy.h"

namespace lookalike {
namespace {

// The scores were computed beforehand. An embedding ends with its photo's number, as the bits of a float: so small a
// value (numbers below 2^23 are less than 1e-38) that to whoever reckons with embeddings it is zero.
float number_as_value(size_t number) {
  return std::bit_cast<float>(static_cast<uint32_t>(number));
}

class TableScorer final : public Scorer {
 public:
  explicit TableScorer(const std::vector<double>& orders) : orders_(orders) {}
  Score score(std::span<const float> embedding) const override {
    const double order = orders_[std::bit_cast<uint32_t>(embedding.back())];
    return {.order = order, .score = std::exp(order), .log_score = order, .cosine = 0};
  }

 private:
  const std::vector<double>& orders_;
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
  ReplayRun(const FrozenService& service, size_t hidden, const ReplayPace& pace, const PhotoFeatures& features,
            uint64_t seed)
      : service_(service), hidden_(hidden), pace_(pace), features_(features), random_(seed) {
    if (pace.images_per_second > 0) image_rate_.emplace(pace.images_per_second, pace.image_burst);
  }

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
    const bool is_call = std::holds_alternative<AskCommand>(command);
    // Box and Muller's normal variate.
    const double normal =
        std::sqrt(-2 * std::log(1 - random_.uniform())) * std::cos(2 * std::numbers::pi * random_.uniform());
    const double takes_ms = (is_call ? pace_.call_ms : pace_.image_ms) * std::exp(pace_.sigma * normal);
    const double begin_ms = is_call ? now_ms_ : image_start_ms();
    if (!is_call && pace_.images_at_once > 0) image_ends_.push(begin_ms + takes_ms);
    arrivals_.push({begin_ms + takes_ms, sequence_++, std::move(command)});
  }

  // When the host of the photos lets the next transfer begin.
  double image_start_ms() {
    double start = now_ms_;
    if (pace_.images_at_once > 0 && image_ends_.size() >= static_cast<size_t>(pace_.images_at_once)) {
      start = std::max(start, image_ends_.top());
      image_ends_.pop();
    }
    if (!image_rate_) return start;
    start = std::max(start, to_ms(image_rate_->next()));
    image_rate_->take(std::max(to_time(start), image_rate_->next()));
    return start;
  }

  static RateLimiter::TimePoint to_time(double ms) {
    return kBegin + std::chrono::duration_cast<RateLimiter::Duration>(std::chrono::duration<double, std::milli>(ms));
  }
  static double to_ms(RateLimiter::TimePoint time) {
    return std::chrono::duration<double, std::milli>(time - kBegin).count();
  }

  void deliver(const Command& command, SearchSession& session) {
    constexpr TransferCost kOneRequest{.requests = 1};
    if (const auto* ask = std::get_if<AskCommand>(&command)) {
      return session.on_photos(ask->ticket, {service_.search(ask->query, hidden_), kOneRequest});
    }
    const auto& look = std::get<LookCommand>(command);
    const size_t number = FrozenService::number_of(*look.photo);
    session.on_features(look.ticket, {embedding_of(number), kOneRequest});
    replay_.steps.push_back(
        {static_cast<uint32_t>(number), session.counts().api_calls, session.counts().images_downloaded, now_ms_});
  }

  Embedding embedding_of(size_t photo) const {
    const std::span<const float> features = features_ ? features_(photo) : std::span<const float>();
    Embedding embedding(features.begin(), features.end());
    embedding.push_back(number_as_value(photo));
    return embedding;
  }

  const FrozenService& service_;
  size_t hidden_;
  // Long after the limiter's own beginning, so that it begins with a whole burst.
  static constexpr RateLimiter::TimePoint kBegin{std::chrono::hours(24)};
  ReplayPace pace_;
  std::optional<RateLimiter> image_rate_;
  // When each transfer ends that may hold up the next: as many as may be under way at once.
  std::priority_queue<double, std::vector<double>, std::greater<>> image_ends_;
  const PhotoFeatures& features_;
  Random random_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  int sequence_ = 0;
  double now_ms_ = 0;
  Replay replay_;
};

}  // namespace

Replay replay_search(const FrozenService& service, const std::vector<double>& orders, size_t hidden,
                     const SearchOptions& options, const Strategy& strategy, const ReplayPace& pace,
                     const PhotoFeatures& features) {
  const TableScorer scorer(orders);
  SearchSession session(options, strategy, scorer);
  return ReplayRun(service, hidden, pace, features, options.seed).run(session);
}

}  // namespace lookalike

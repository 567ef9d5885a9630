// Lets those who want the same thing at the same moment share one request for it.
// The first who joins a key is told to ask; all others wait for its answer. An answer that is going to be kept in a
// cache stays here until it is there, so that nobody falls in between: who does not find it in the cache finds it here.
// Threads: any. Callbacks run on the thread of finish() or join(), without any lock held.
// Tested by tests/core/cache/single_flight_test.cc
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lookalike {

template <typename Answer>
class SingleFlight {
 public:
  using Waiter = std::function<void(const Answer&)>;

  // True: nobody asks for it yet, so the caller does, and then calls finish(); `waiter` was not taken. Else it is
  // called once, perhaps at once.
  bool join(const std::string& key, Waiter& waiter) {
    std::optional<Answer> known;
    {
      const std::lock_guard lock(mutex_);
      const auto [flight, is_new] = flights_.try_emplace(key);
      if (is_new) return true;
      known = flight->second.answer;
      if (!known) flight->second.waiters.push_back(std::move(waiter));
    }
    if (known) waiter(*known);
    return false;
  }

  // Hands the answer to all who wait. With `stays` it is known until forget().
  void finish(const std::string& key, const Answer& answer, bool stays) {
    std::vector<Waiter> waiters;
    {
      const std::lock_guard lock(mutex_);
      const auto flight = flights_.find(key);
      if (flight == flights_.end()) return;
      waiters = std::exchange(flight->second.waiters, {});
      if (stays)
        flight->second.answer = answer;
      else
        flights_.erase(flight);
    }
    for (const Waiter& waiter : waiters)
      waiter(answer);
  }

  void forget(const std::string& key) {
    const std::lock_guard lock(mutex_);
    flights_.erase(key);
  }

 private:
  struct Flight {
    std::optional<Answer> answer;
    std::vector<Waiter> waiters;
  };

  std::mutex mutex_;
  std::unordered_map<std::string, Flight> flights_;
};

}  // namespace lookalike

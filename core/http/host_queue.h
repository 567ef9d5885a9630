// Who is next: items in the order of their numbers, at most so many under way in total and for each host, and no faster
// than a host's rate. A host at its limit holds no other host up.
// Cost: O(log hosts + log items of the host) per call.
// Threads: one.
// Tested by tests/core/http/host_queue_test.cc
#pragma once

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/http/host_policy.h"

namespace lookalike {

template <typename Item>
class HostQueue {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // REQUIRES: both at least 1
  HostQueue(int max_total, int max_per_host) : max_total_(max_total), max_per_host_(max_per_host) {}

  // A host's own limits; `max_at_once` 0: as others have it. REQUIRES: called before the host's first item
  void limit(const std::string& host, int max_at_once, std::optional<RateLimiter> rate) {
    Host& entry = hosts_[host];
    entry.max_at_once = max_at_once == 0 ? max_per_host_ : std::min(max_at_once, max_per_host_);
    entry.rate = rate;
    entry.lasting = true;
  }

  // A lower number goes first. REQUIRES: no waiting item has the same number.
  void push(const std::string& host, uint64_t number, Item item) {
    Host& entry = hosts_.try_emplace(host, Host{.max_at_once = max_per_host_}).first->second;
    unlist(host, entry);
    entry.waiting.emplace(number, std::move(item));
    list(host, entry);
  }

  // The next item that may start, now counted as under way; nothing when the limits or an empty queue say so.
  std::optional<Item> take(TimePoint now) {
    wake(now);
    if (under_way_ >= max_total_ || ready_.empty()) return std::nullopt;
    const std::string host = ready_.begin()->second;
    Host& entry = hosts_.at(host);
    unlist(host, entry);
    Item item = std::move(entry.waiting.begin()->second);
    entry.waiting.erase(entry.waiting.begin());
    ++entry.under_way;
    ++under_way_;
    if (entry.rate) entry.rate->take(now);
    list(host, entry);
    return item;
  }

  // Takes out all that waits for the host, in order.
  std::vector<Item> drain(const std::string& host) {
    std::vector<Item> items;
    const auto found = hosts_.find(host);
    if (found == hosts_.end()) return items;
    Host& entry = found->second;
    unlist(host, entry);
    for (auto& [number, item] : entry.waiting)
      items.push_back(std::move(item));
    entry.waiting.clear();
    if (entry.under_way == 0 && !entry.lasting) hosts_.erase(found);
    return items;
  }

  // When a host may go on that only its rate holds back; nothing when there is none or no room for it.
  std::optional<TimePoint> next_start() const {
    if (resting_.empty() || under_way_ >= max_total_) return std::nullopt;
    return resting_.begin()->first;
  }

  // REQUIRES: an item of the host is under way.
  void finished(const std::string& host) {
    Host& entry = hosts_.at(host);
    assert(entry.under_way > 0);
    unlist(host, entry);
    --entry.under_way;
    --under_way_;
    list(host, entry);
    if (entry.under_way == 0 && entry.waiting.empty() && !entry.lasting) hosts_.erase(host);
  }

 private:
  struct Host {
    std::map<uint64_t, Item> waiting;
    int under_way = 0;
    int max_at_once = 1;
    std::optional<RateLimiter> rate;
    bool lasting = false;  // has limits of its own, which must not be forgotten
  };

  void unlist(const std::string& host, const Host& entry) {
    if (entry.waiting.empty()) return;
    ready_.erase({entry.waiting.begin()->first, host});
    if (entry.rate) resting_.erase({entry.rate->next(), host});
  }
  void list(const std::string& host, const Host& entry) {
    if (entry.waiting.empty() || entry.under_way >= entry.max_at_once) return;
    if (entry.rate)
      resting_.emplace(entry.rate->next(), host);
    else
      ready_.emplace(entry.waiting.begin()->first, host);
  }
  void wake(TimePoint now) {
    while (!resting_.empty() && resting_.begin()->first <= now) {
      const std::string host = resting_.begin()->second;
      resting_.erase(resting_.begin());
      ready_.emplace(hosts_.at(host).waiting.begin()->first, host);
    }
  }

  int max_total_;
  int max_per_host_;
  int under_way_ = 0;
  std::map<std::string, Host> hosts_;
  // Hosts below their limit that have something to start, in one of these:
  std::set<std::pair<uint64_t, std::string>> ready_;     // at once; by their first waiting item
  std::set<std::pair<TimePoint, std::string>> resting_;  // when their rate allows it
};

}  // namespace lookalike

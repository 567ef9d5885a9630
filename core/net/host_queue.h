// Who is next: items in the order of their numbers, at most so many under way in total and for each host. A host at its
// limit holds no other host up.
// Cost: O(log hosts + log items of the host) per call. Threads: one.
// Tested by tests/core/net/host_queue_test.cc
#pragma once

#include <cassert>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace lookalike {

template <typename Item>
class HostQueue {
 public:
  // REQUIRES: both at least 1
  HostQueue(int max_total, int max_per_host) : max_total_(max_total), max_per_host_(max_per_host) {}

  // A lower number goes first. REQUIRES: no waiting item has the same number.
  void push(const std::string& host, uint64_t number, Item item) {
    Host& entry = hosts_[host];
    unlist(host, entry);
    entry.waiting.emplace(number, std::move(item));
    list(host, entry);
  }

  // The next item that may start, now counted as under way; nothing when the limits or an empty queue say so.
  std::optional<Item> take() {
    if (under_way_ >= max_total_ || ready_.empty()) return std::nullopt;
    const std::string host = ready_.begin()->second;
    Host& entry = hosts_.at(host);
    unlist(host, entry);
    Item item = std::move(entry.waiting.begin()->second);
    entry.waiting.erase(entry.waiting.begin());
    ++entry.under_way;
    ++under_way_;
    list(host, entry);
    return item;
  }

  // REQUIRES: an item of the host is under way.
  void finished(const std::string& host) {
    Host& entry = hosts_.at(host);
    assert(entry.under_way > 0);
    unlist(host, entry);
    --entry.under_way;
    --under_way_;
    list(host, entry);
    if (entry.under_way == 0 && entry.waiting.empty()) hosts_.erase(host);
  }

 private:
  struct Host {
    std::map<uint64_t, Item> waiting;
    int under_way = 0;
  };

  void unlist(const std::string& host, const Host& entry) {
    if (!entry.waiting.empty()) ready_.erase({entry.waiting.begin()->first, host});
  }
  void list(const std::string& host, const Host& entry) {
    if (!entry.waiting.empty() && entry.under_way < max_per_host_) ready_.emplace(entry.waiting.begin()->first, host);
  }

  int max_total_;
  int max_per_host_;
  int under_way_ = 0;
  std::map<std::string, Host> hosts_;
  std::set<std::pair<uint64_t, std::string>> ready_;  // hosts below their limit, by their first waiting item
};

}  // namespace lookalike

// Holds calls to what a service's own headers say is left, so that it seldom has to refuse one.
// Two dialects: Django REST framework's X-RateLimit-Limit-SCOPE: 20/min with X-RateLimit-Available-SCOPE: 19 (several
// scopes at once; Openverse), and X-RateLimit-Limit: 100, -Remaining: 99, -Reset: 60 (seconds; Pixabay).
// Before the first answer the limits are those that it is made with. A minute's limit is waited for; one that comes
// back only after more than ten minutes ends the search of this source as `quota`.
// Untrusted input: headers may hold anything.
// Threads: any.
// Tested by tests/providers/common/service_rate_test.cc
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/http/call_gate.h"
#include "providers/common/service_request.h"

namespace lookalike {

// "20/min"
struct ServiceLimit {
  int calls = 0;
  std::chrono::seconds period{0};
};

// Django REST framework's notation: a number, '/', and a word that begins with s, m, h or d.
std::optional<ServiceLimit> parse_service_limit(std::string_view text);

// Limits that are known beforehand hold at the service itself: a stand-in on this machine has those that it tells of.
inline std::vector<ServiceLimit> limits_at(const Endpoint& endpoint, const std::vector<ServiceLimit>& limits) {
  return endpoint.scope == AddressScope::loopback ? std::vector<ServiceLimit>() : limits;
}

class ServiceRate final : public CallGate {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Now = TimePoint (*)();

  struct Settings {
    std::string service;                     // "Openverse", for messages
    std::string advice;                      // how to get more: "set LOOKALIKE_…"; may be empty
    std::vector<ServiceLimit> first_limits;  // until headers say something; empty: no limit
    CallGate* next = nullptr;                // asked as well; borrowed, outlives this; may be null
    Now now = &std::chrono::steady_clock::now;
  };

  explicit ServiceRate(Settings settings) : settings_(std::move(settings)) {}

  Admission admit() override;
  void on_refused(const std::map<std::string, std::string>& headers) override { note(headers); }
  // What an answer's headers say (names in lower case).
  void note(const std::map<std::string, std::string>& headers);

 private:
  // Calls come back one by one, each when it is one period old, or all at once at a time that the service named.
  struct Scope {
    ServiceLimit limit;
    int others = 0;                    // calls that the service has counted and that are not ours
    TimePoint others_until;            // by then they have come back
    std::optional<TimePoint> renewed;  // when all come back; else one by one
    int left = 0;                      // until then, as of `noted`
    TimePoint noted;
  };

  Scope noted_scope(const ServiceLimit& limit, int available) const;
  void keep(const std::string& name, Scope scope);
  int own_calls_since(TimePoint since) const;
  // When the scope's next call is free; nothing: now.
  std::optional<TimePoint> free_at(const Scope& scope, TimePoint now) const;
  Admission held_back(const Scope& scope, TimePoint until, TimePoint now) const;
  void take_back(TimePoint sent);
  void assume_first_limits();

  const Settings settings_;
  std::mutex mutex_;                     // guards what follows
  std::map<std::string, Scope> scopes_;  // by the name in the headers
  std::deque<TimePoint> sent_;           // our own calls, the oldest first
};

}  // namespace lookalike

// Who may hold a request back just before it is sent: a budget of calls, a service's own rate headers.
// A request names its gate; the client asks it before every exchange, repetitions and redirects among them.
// Threads: admit() is called on the client's thread and must return within about a millisecond.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace lookalike {

// Go now, unless one of the first two is set.
struct Admission {
  std::chrono::milliseconds wait{0};     // until it could go; whether it waits is its own patience's matter
  std::optional<Error> refusal = {};     // what the request ends with
  std::string reason = {};               // of a wait: what is used up
  std::string advice = {};               // of a wait: how to get more; may be empty
  std::function<void()> take_back = {};  // of going: undoes the count, for what never reached the service; may be empty
};

class CallGate {
 public:
  virtual ~CallGate() = default;
  // Going now is counted: the request is sent next.
  virtual Admission admit() = 0;
  // The service has answered such a request with 429, and with these headers (names in lower case). Called before
  // the request is admitted again.
  virtual void on_refused(const std::map<std::string, std::string>& /*headers*/) {}
};

}  // namespace lookalike

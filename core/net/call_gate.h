// Who may hold a request back just before it is sent: a budget of calls, a service's own rate headers.
// A request names its gate; the client asks it before every exchange, repetitions and redirects among them.
// Threads: admit() is called on the client's thread and must return within about a millisecond.
#pragma once

#include <chrono>
#include <optional>

#include "core/base/result.h"

namespace lookalike {

// Go now, unless one of these is set.
struct Admission {
  std::chrono::milliseconds wait{0};  // ask again after so long
  std::optional<Error> refusal;       // what the request ends with
};

class CallGate {
 public:
  virtual ~CallGate() = default;
  // Going now is counted: the request is sent next.
  virtual Admission admit() = 0;
};

}  // namespace lookalike

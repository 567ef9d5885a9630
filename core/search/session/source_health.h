// Whether a search can still get anywhere: what its source refuses, and whether photos can be scored.
// A report counts as soon as it is here, even if its turn to take effect has not come (report_order.h): a source that
// refuses is not asked once more for the sake of an order.
// Threads: one; the engine's.
// Tested by tests/core/search/session/source_health_test.cc
#pragma once

#include <optional>

#include "core/base/feature_source.h"
#include "core/base/provider.h"
#include "core/base/result.h"

namespace lookalike {

class SourceHealth {
 public:
  void on_call(const PhotoAnswer& answer);
  void on_look(const FeatureAnswer& answer);

  // Why no further call is made: the source refuses the key or the quota, cannot be reached, or fails again and again.
  // Photos that are on this disk are still looked at.
  const std::optional<Error>& fatal() const { return fatal_; }
  // No further photo can be looked at: the network cannot run, or no transfer gets anywhere.
  bool cannot_look() const { return cannot_look_; }

 private:
  void on_call_failed(const Error& error);
  void on_look_failed(const Error& error);

  std::optional<Error> fatal_;
  bool cannot_look_ = false;
  bool answered_ = false;  // some call was
  int failures_in_a_row_ = 0;
  int unsent_looks_in_a_row_ = 0;
};

}  // namespace lookalike

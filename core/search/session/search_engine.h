// Drives a search session with a real or a fake source: carries out its commands, many at once, and reports back.
// Threads: run() is the engine's thread; the source's callbacks may come on any.
// Tested by tests/core/search/session/search_engine_test.cc
#pragma once

#include <functional>
#include <optional>
#include <stop_token>

#include "core/base/clock.h"
#include "core/base/feature_source.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/search/session/search_session.h"

namespace lookalike {

class SearchEngine {
 public:
  // All borrowed.
  SearchEngine(Provider& provider, FeatureSource& features, const Clock& clock)
      : provider_(provider), features_(features), clock_(clock) {}

  using TimePoint = std::chrono::steady_clock::time_point;
  using Progress = std::function<void(const SearchSession&)>;
  // Finds out what is searched for. Runs on a thread of its own, beside the first calls; it should end soon after
  // `stop`.
  using DescribeQuery = std::function<Result<SearchQuery>()>;

  // Searches until the session is finished, `stop` is requested or the deadline passes; what was found by then is in
  // the outcome. Answers that come later are dropped. `progress` is called at the start and after each report, when
  // what follows from it has been decided; `describe` is null when the session knows its query. A report that holds
  // the search up while others come is waited for 2 s (SearchSession::let_go). Returns when `describe` has returned.
  // Errors: those of `describe`.
  Result<SearchOutcome> run(SearchSession& session, std::stop_token stop, std::optional<TimePoint> deadline,
                            const Progress& progress, DescribeQuery describe = nullptr);

 private:
  Provider& provider_;
  FeatureSource& features_;
  const Clock& clock_;
};

}  // namespace lookalike

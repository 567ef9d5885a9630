// All that the searches of a run share: what scores photos, the sources, the HTTP client, caches and budgets. It is
// built once, from checked options, before the first search.
//
//   options ──check_options()──> CheckedOptions ──build()──> SearchSetup ──> ImageSearch, once for each image
//
// Threads: one builds it. Searches on several threads may share it once the networks are loaded
// (PhotoScoring::wait_for_networks).
// Tested by tests/cli/wiring/search_setup_test.cc and the command tests
#pragma once

#include <memory>
#include <vector>

#include "cli/console/log_writer.h"
#include "cli/wiring/checked_options.h"
#include "cli/wiring/photo_scoring.h"
#include "cli/wiring/search_budgets.h"
#include "cli/wiring/search_plan.h"
#include "core/base/clock.h"
#include "core/base/feature_source.h"
#include "core/base/provider.h"
#include "core/base/word_vectors.h"
#include "core/http/http_client.h"
#include "core/pipeline/call_allowance.h"
#include "core/quota/hourly_quota.h"

namespace lookalike {

class SearchSetup {
 public:
  // `clock` and `log` are borrowed. Errors: model (a damaged file of word vectors), usage (a strategy that the sources
  // do not allow, an address that cannot be used), bad_data, auth.
  static Result<std::unique_ptr<SearchSetup>> build(CheckedOptions options, const Clock& clock, LogWriter& log);

  const CheckedOptions& options() const { return options_; }
  PhotoScoring& scoring() { return scoring_; }
  const SearchBudgets& budgets() const { return budgets_; }
  const SearchPlan& plan() const { return plan_; }
  HttpClient& http() { return http_; }
  Provider& provider() { return *provider_; }
  FeatureSource& features() { return *features_; }
  const WordVectors* words() const { return words_.get(); }      // null: the strategy compares none, or there are none
  CallAllowance* allowance() const { return allowance_.get(); }  // of all sources together; null without --total-calls
  HourlyQuota* tightest_quota() const;  // the one with the lowest limit; null when no calls are counted

 private:
  SearchSetup(CheckedOptions options, const Clock& clock, LogWriter& log);

  Status open_sources(const Clock& clock, LogWriter& log);

  // Destroyed from the last to the first: the sources before the client that they use, that before the networks that
  // its callbacks use.
  const CheckedOptions options_;
  std::vector<std::unique_ptr<HourlyQuota>> quotas_;  // one for each source; null where calls are not counted
  SearchBudgets budgets_;
  PhotoScoring scoring_;
  std::shared_ptr<CallAllowance> allowance_;
  HttpClient http_;
  std::unique_ptr<FeatureSource> features_;
  std::unique_ptr<Provider> provider_;
  SearchPlan plan_;
  std::unique_ptr<WordVectors> words_;
};

}  // namespace lookalike

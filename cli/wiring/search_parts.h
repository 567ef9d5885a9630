// The concrete parts of a search, wired as the options say: network workers, HTTP, source.
// Everything that can be refused is refused here, before the first request.
// Tested by tests/cli/wiring/search_parts_test.cc and the command tests
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/console/log_writer.h"
#include "cli/options/options.h"
#include "cli/wiring/search_budgets.h"
#include "cli/wiring/search_plan.h"
#include "core/base/clock.h"
#include "core/base/feature_source.h"
#include "core/base/files/input.h"
#include "core/base/provider.h"
#include "core/base/word_vectors.h"
#include "core/http/http_client.h"
#include "core/pipeline/call_allowance.h"
#include "core/pipeline/embedding_workers.h"
#include "core/quota/hourly_quota.h"
#include "core/vision/inference/class_finder.h"
#include "models/store.h"
#include "providers/registry.h"
#include "providers/tag_cleaner.h"

namespace lookalike {

// Photos are scored by its output.
struct ScoreNetwork {
  NetworkSpec spec;
  std::unique_ptr<EmbeddingWorkers> workers;
};

// Members are destroyed from the last to the first: the source before the client that it uses, that before the
// workers that its callbacks use.
struct SearchParts {
  NetworkSpec network;                            // describes images; empty: nobody needs it
  bool describes_photos = false;                  // as well: they are scored by it, alone or among others
  std::vector<NamedClass> wanted_classes;         // of each --score class:NAME
  std::shared_ptr<const TagCleaner> tag_cleaner;  // null: any tag is followed
  std::unique_ptr<WordVectors> words;             // null: the strategy compares none, or none are installed
  std::unique_ptr<EmbeddingWorkers> workers;      // with `network`; null: nobody needs it
  std::vector<ScoreNetwork> score_networks;       // of each --score network:FILE
  // How many photos may be here unscored (SearchOptions::backlog): for each that scores one in hand and one to go on
  // with at once. More would only wait, and what will be known of them could not guide the choice of the next.
  int backlog = 2;
  SearchBudgets budgets;
  std::vector<std::unique_ptr<HourlyQuota>> quotas;  // of those sources whose calls are counted
  // The one with the lowest limit; null when no calls are counted.
  HourlyQuota* tightest_quota() const;
  std::shared_ptr<CallAllowance> allowance;  // with --total-calls, of all sources together; else null
  std::unique_ptr<HttpClient> http;
  std::unique_ptr<FeatureSource> features;
  std::unique_ptr<Provider> provider;
  SearchPlan plan;
};

HttpOptions http_options(const NetworkOptions& network, int parallel, const LogSink& log);
// Also with the sources' wishes on how gently their hosts are treated.
HttpOptions http_options_for(std::span<const ProviderSettings> sources, const NetworkOptions& network, int parallel,
                             const LogSink& log);
// The folders that networks are looked for in, from the environment and where this program stands.
ModelStore open_model_store();
// The network that the options name, with its layer. Errors: model, usage.
Result<NetworkSpec> choose_network(const ModelOptions& options);
// For a search for so many images. `clock` and `log` are borrowed; `patience` is for the files that the options name.
Result<SearchParts> build_search_parts(const SearchCommandOptions& options, size_t images, const Clock& clock,
                                       LogWriter& log, const InputPatience& patience = {});

// Of one request, and of one photo that a program scores: --timeout.
std::chrono::milliseconds request_time_limit(const NetworkOptions& network);

// How many values a network gives.
struct NetworkSizes {
  int embedding = 0;
  int output = 0;
};

// Waits until the workers' network is loaded. Fills in what only the loaded network knows: the layer that was found by
// its shape, and the input size. Errors: model.
Result<NetworkSizes> loaded_sizes(EmbeddingWorkers& workers, NetworkSpec& network);

}  // namespace lookalike

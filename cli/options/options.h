// What the user asked for, as plain values: the groups of options, and all those of a search. option_groups.h and
// command_line.h fill them in from the command line; everything below only reads them.
// Contract: docs/command.md
// Tested by tests/cli/options/options_test.cc
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/console/log_writer.h"
#include "cli/console/terminal.h"
#include "cli/options/batch_options.h"
#include "cli/options/score_spec.h"
#include "core/base/result.h"
#include "core/search/scoring/relevance_feedback.h"

namespace lookalike {

struct GeneralOptions : LogOptions {
  std::string config;  // where more options are read from
  ColorChoice color = ColorChoice::automatic;
};

struct NetworkOptions {
  double timeout_seconds = 30;
  int retries = 3;
  std::string proxy;
  std::string user_agent;
  std::string contact;  // how the user can be reached, for services that ask; part of the usual user agent
  std::string ca_file;
};

inline constexpr const char* kCacheOff = "off";

struct CacheOptions {
  // Not given: nothing of services is kept, what is made of the user's own files is, in the usual folder.
  std::optional<std::string> folder;
  uint64_t max_bytes = uint64_t{1} << 30;
  uint64_t memory_bytes = uint64_t{256} << 20;  // of what the images of a run share when there is no folder
};

struct SourceOptions {
  std::vector<std::string> providers;  // empty: chosen by what is at hand
  std::vector<std::string> api_keys;   // KEY or PROVIDER=KEY
  std::string api_key_file;
  std::vector<std::string> endpoints;  // URL, or PROVIDER=URL
  std::vector<std::string> licenses;
  std::string safe = "strict";
  std::optional<int> hourly_calls;  // 0: counted, but without a limit; nothing: what the source allows
  std::string quota;                // redis://...: where machines share that budget; empty: this user's processes do
};

struct ModelOptions {
  std::string model;  // a name or a file; empty: the best one installed
  std::string layer;
};

inline constexpr const char* kUsualStrategy = "adaptive";

// How much of the usual budgets a search may spend.
enum class Effort { quick, normal, thorough };

enum class OutputFormat { urls, table, json, jsonl, html };

struct SearchCommandOptions {
  std::vector<std::string> images;
  bool recursive = false;
  BatchOptions batch;
  SourceOptions source;
  ModelOptions model;
  NetworkOptions network;
  CacheOptions cache;
  GeneralOptions general;

  std::optional<std::string> strategy;  // or "all"; else kUsualStrategy, or what search_plan.h says of a folder
  uint64_t seed = 1;
  // Else what the source's usual budget is (search_budgets.h), scaled by the effort.
  std::optional<int> max_calls;
  std::optional<int> max_images;
  Effort effort = Effort::normal;
  std::optional<double> time_limit_seconds;
  int parallel = 10;
  std::vector<std::string> tags;
  std::vector<std::string> excluded_tags;
  std::string stop_tags;  // a file with more tags not to search for; "off": search for any
  bool no_classify = false;

  std::string similarity = "dot";
  std::optional<double> scale;    // else the network's own
  std::vector<int> crop;          // x, y, width, height; empty: all
  std::vector<ScoreSpec> scores;  // empty: the similarity to the images
  std::vector<std::string> liked;
  std::vector<std::string> unliked;
  LikeMode like_mode = LikeMode::mean;

  int top = 20;
  std::optional<double> min_score;
  bool keep_duplicates = false;
  int max_per_owner = 0;               // 0: any number
  std::optional<OutputFormat> format;  // else table on a terminal, urls elsewhere
  std::string output;
  bool force = false;
  bool explain = false;
};

// Whether there are query images at all; with --score there need not be.
inline bool has_query_images(const SearchCommandOptions& options) {
  return !options.images.empty() || !options.batch.inputs.empty();
}

inline bool scores_by(const SearchCommandOptions& options, ScoreKind kind) {
  return std::ranges::any_of(options.scores, [kind](const ScoreSpec& score) { return score.kind == kind; });
}

// Whether photos are compared with the images, be it among other things.
inline bool compares_images(const SearchCommandOptions& options) {
  return options.scores.empty() || scores_by(options, ScoreKind::likeness);
}

// Whether the user chose how much is looked at, or how, be it in a file of settings.
inline bool chose_search(const SearchCommandOptions& options) {
  return options.strategy || options.max_calls || options.max_images;
}

inline std::string strategy_name(const SearchCommandOptions& options) {
  return options.strategy.value_or(kUsualStrategy);
}

// Which options go together. Errors: usage.
Status check_options(const SearchCommandOptions& options);

}  // namespace lookalike

#include "cli/eval_command.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <future>
#include <optional>
#include <thread>

#include "cli/command_line.h"
#include "cli/eval_collection.h"
#include "cli/option_groups.h"
#include "cli/output_file.h"
#include "cli/search_parts.h"
#include "core/base/random.h"
#include "core/eval/replay.h"
#include "core/eval/retrieval_metrics.h"
#include "core/search/similarity.h"

namespace lookalike {
namespace {

struct EvalOptions {
  std::string manifest;
  std::vector<std::string> strategies;
  int queries = 40;
  int seeds = 3;
  uint64_t seed = 1;
  int max_calls = 80;
  int max_images = 96;
  int parallel = 10;
  std::string embeddings;
  bool json = false;
  ModelOptions model;
  GeneralOptions general;
};

// One query: which photo, its first queries, and what every photo scores against it.
struct EvalQuery {
  size_t photo = 0;
  std::vector<std::string> classes;
  std::vector<double> orders;
};

// What a strategy reached, a value for each query and seed in the same order, so that strategies can be paired.
struct StrategyResult {
  std::string name;
  std::vector<double> recall, best, log_ratio, ndcg, rank, calls, images, seconds;
};

std::vector<size_t> choose_queries(size_t photos, int count, uint64_t seed) {
  std::vector<size_t> numbers(photos);
  for (size_t i = 0; i < photos; ++i)
    numbers[i] = i;
  Random random(seed);
  const size_t wanted = std::min(photos, static_cast<size_t>(count));
  for (size_t i = 0; i < wanted; ++i)
    std::swap(numbers[i], numbers[i + random.below(photos - i)]);
  numbers.resize(wanted);
  return numbers;
}

Result<EvalQuery> make_query(const EvalCollection& collection, size_t photo, double scale) {
  EvalQuery query{.photo = photo};
  auto classes = collection.classes_of(photo);
  if (!classes.ok()) return classes.error();
  query.classes = std::move(*classes);
  const auto own = collection.embeddings().row(photo);
  const auto scorer = make_similarity("dot", {own.begin(), own.end()}, scale);
  if (!scorer.ok()) return scorer.error();
  for (size_t i = 0; i < collection.service().size(); ++i) {
    query.orders.push_back((*scorer)->score(collection.embeddings().row(i)).order);
  }
  return query;
}

Replay replay_one(const EvalCollection& collection, const EvalQuery& query, const Strategy& strategy,
                  const EvalOptions& options, int seed) {
  SearchOptions search{.max_calls = options.max_calls,
                       .max_images = options.max_images,
                       .parallel = options.parallel,
                       .max_attempts = 1,
                       .seed = options.seed + static_cast<uint64_t>(seed),
                       .now = collection.newest()};
  for (const std::string& name : query.classes)
    search.first_queries.push_back(class_queries(name, strategy.split_synonyms));
  return replay_search(collection.service(), query.orders, query.photo, search, strategy);
}

void add(StrategyResult& result, const RetrievalQuality& quality, const Replay& replay) {
  result.recall.push_back(quality.recall_at_10);
  result.best.push_back(quality.best_found);
  result.log_ratio.push_back(quality.log_score_ratio);
  result.ndcg.push_back(quality.ndcg_at_20);
  result.rank.push_back(quality.median_rank);
  result.calls.push_back(replay.counts.api_calls);
  result.images.push_back(replay.counts.images_downloaded);
  result.seconds.push_back(replay.steps.empty() ? 0 : replay.steps.back().elapsed_ms / 1000);
}

StrategyResult evaluate(const EvalCollection& collection, const std::vector<EvalQuery>& queries,
                        const Strategy& strategy, const EvalOptions& options) {
  StrategyResult result{.name = std::string(strategy.name)};
  for (const EvalQuery& query : queries) {
    const TrueRanking truth(query.orders, query.photo);
    for (int seed = 0; seed < options.seeds; ++seed) {
      const Replay replay = replay_one(collection, query, strategy, options, seed);
      std::vector<uint32_t> found;
      for (const ReplayStep& step : replay.steps)
        found.push_back(step.photo);
      add(result, measure(truth, found), replay);
    }
  }
  return result;
}

// Of one strategy over another, on the same queries and seeds.
Estimate paired_difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences;
  for (size_t i = 0; i < a.size(); ++i)
    differences.push_back(a[i] - b[i]);
  return estimate(differences);
}

std::string table(const std::vector<StrategyResult>& results, const EvalOptions& options, size_t queries) {
  char line[256];
  std::snprintf(line, sizeof line, "%zu queries x %d seeds, at most %d calls and %d images; +- is the 95%% interval\n",
                queries, options.seeds, options.max_calls, options.max_images);
  std::string text = line;
  text += "strategy    recall@10       over " + results.front().name +
          std::string(11 - std::min<size_t>(11, results.front().name.size()), ' ') +
          "best@1  log score  nDCG@20  median rank  calls  images  seconds\n";
  for (const StrategyResult& r : results) {
    const Estimate recall = estimate(r.recall);
    const Estimate over = paired_difference(r.recall, results.front().recall);
    std::snprintf(line, sizeof line,
                  "%-11s %.3f +- %.3f  %+.3f +- %.3f  %6.3f  %9.3f  %7.3f  %11.1f  %5.1f  %6.1f  %7.2f\n",
                  r.name.c_str(), recall.mean, recall.half_width, over.mean, over.half_width, estimate(r.best).mean,
                  estimate(r.log_ratio).mean, estimate(r.ndcg).mean, estimate(r.rank).mean, estimate(r.calls).mean,
                  estimate(r.images).mean, estimate(r.seconds).mean);
    text += line;
  }
  return text;
}

std::string json(const std::vector<StrategyResult>& results, const EvalOptions& options, size_t queries) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> out(buffer);
  const auto value = [&out](const char* name, const std::vector<double>& values) {
    const Estimate e = estimate(values);
    out.Key(name);
    out.StartObject();
    out.Key("mean");
    out.Double(e.mean);
    out.Key("half_width");
    out.Double(e.half_width);
    out.EndObject();
  };
  out.StartObject();
  out.Key("schema");
  out.String("lookalike-eval/1");
  out.Key("queries");
  out.Uint64(queries);
  out.Key("seeds");
  out.Int(options.seeds);
  out.Key("strategies");
  out.StartArray();
  for (const StrategyResult& r : results) {
    out.StartObject();
    out.Key("name");
    out.String(r.name);
    value("recall_at_10", r.recall);
    value("best_at_1", r.best);
    value("log_score_ratio", r.log_ratio);
    value("ndcg_at_20", r.ndcg);
    value("median_rank", r.rank);
    value("api_calls", r.calls);
    value("images", r.images);
    value("seconds", r.seconds);
    out.EndObject();
  }
  out.EndArray();
  out.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

Result<std::vector<const Strategy*>> chosen_strategies(const EvalOptions& options) {
  std::vector<const Strategy*> chosen;
  for (const std::string& name : options.strategies) {
    const auto strategy = find_strategy(name);
    if (!strategy.ok()) return strategy.error();
    chosen.push_back(*strategy);
  }
  if (!chosen.empty()) return chosen;
  chosen.push_back(*find_strategy("clear"));  // what the others are compared with
  for (const Strategy& strategy : strategies()) {
    if (strategy.name != "clear") chosen.push_back(&strategy);
  }
  return chosen;
}

Result<std::string> run(const EvalOptions& options) {
  const auto chosen = chosen_strategies(options);
  if (!chosen.ok()) return chosen.error();
  const auto network = choose_network(options.model);
  if (!network.ok()) return network.error();
  const auto collection = EvalCollection::open(options.manifest, *network, options.embeddings, !options.general.quiet);
  if (!collection.ok()) return collection.error();
  std::vector<EvalQuery> queries;
  for (const size_t photo : choose_queries((*collection)->service().size(), options.queries, options.seed)) {
    auto query = make_query(**collection, photo, network->score_scale);
    if (!query.ok()) return query.error();
    queries.push_back(std::move(*query));
  }
  std::vector<std::future<StrategyResult>> running;
  for (const Strategy* strategy : *chosen) {
    running.push_back(std::async(std::launch::async, evaluate, std::cref(**collection), std::cref(queries),
                                 std::cref(*strategy), std::cref(options)));
  }
  std::vector<StrategyResult> results;
  for (auto& one : running)
    results.push_back(one.get());
  return options.json ? json(results, options, queries.size()) : table(results, options, queries.size());
}

}  // namespace

ExitCode run_eval_command(std::vector<std::string> arguments) {
  EvalOptions options;
  CLI::App app{
      "Replays strategies on a tagged collection, as a service that is searched by words only: photos of the\n"
      "collection are the queries, each left out of its own search. Nothing is downloaded.",
      "lookalike eval"};
  app.add_option("MANIFEST", options.manifest, "a JSON Lines manifest (docs/formats.md)")->required();
  app.add_option("--strategy", options.strategies,
                 "only these; may be repeated. The first is what others are compared with")
      ->type_name("NAME")
      ->allow_extra_args(false);
  const auto count = CLI::Range(1, 1'000'000).description("");
  app.add_option("--queries", options.queries, "how many photos are searched for")->check(count)->capture_default_str();
  app.add_option("--seeds", options.seeds, "searches for each")->check(count)->capture_default_str();
  app.add_option("--seed", options.seed, "of the choice of queries and of the searches")->capture_default_str();
  app.add_option("--max-calls", options.max_calls, "of each search")->check(count)->capture_default_str();
  app.add_option("--max-images", options.max_images, "of each search")->check(count)->capture_default_str();
  app.add_option("--parallel", options.parallel, "requests under way at once")->check(count)->capture_default_str();
  app.add_option("--embeddings", options.embeddings, "where the collection's embeddings are kept (62 KB a photo)")
      ->type_name("FILE");
  app.add_flag("--json", options.json, "JSON instead of a table");
  add_model_options(app, options.model);
  add_general_options(app, options.general);
  if (const auto stop = parse_command_line(app, std::move(arguments))) return *stop;
  const auto text = run(options);
  if (!text.ok()) {
    print_error(text.error().message);
    return exit_code_for(text.error().code);
  }
  return write_standard_output(*text).ok() ? ExitCode::found : ExitCode::wrong_use;
}

}  // namespace lookalike

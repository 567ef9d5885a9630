#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <future>
#include <optional>

#include "cli/commands/commands.h"
#include "cli/commands/eval_collection.h"
#include "cli/commands/eval_output.h"
#include "cli/console/output_file.h"
#include "cli/options/command_line.h"
#include "cli/options/option_groups.h"
#include "cli/wiring/network_choice.h"
#include "cli/wiring/strategy_words.h"
#include "core/base/random.h"
#include "core/eval/experiment.h"
#include "core/search/scoring/similarity.h"
#include "models/common_words.h"
#include "providers/registry.h"

namespace lookalike {
namespace {

struct EvalOptions {
  EvalSource source;
  std::vector<std::string> strategies;
  std::string service;  // whose pages, pace and usual budgets
  ReplayPace pace;
  int queries = 40;
  int seeds = 3;
  uint64_t seed = 1;
  std::optional<int> max_calls;  // else the service's usual ones, or what the original program spends
  std::optional<int> max_images;
  int parallel = 10;
  std::string labels;
  bool trapped = false;
  bool ablation = false;
  bool json = false;
  std::string figure;
  ModelOptions model;
  GeneralOptions general;
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

Result<ExperimentQuery> make_query(const EvalCollection& collection, size_t photo, double scale) {
  ExperimentQuery query{.photo = photo};
  auto classes = collection.classes_of(photo);
  if (!classes.ok()) return classes.error();
  query.classes = std::move(*classes);
  const auto own = collection.embeddings().row(photo);
  const auto scorer = make_similarity("dot", {own.begin(), own.end()}, scale);
  if (!scorer.ok()) return scorer.error();
  for (size_t i = 0; i < collection.service().size(); ++i)
    query.orders.push_back((*scorer)->score(collection.embeddings().row(i)).order);
  for (const auto& labels : collection.labels())
    query.relevant.push_back(share_a_label(labels, collection.labels()[photo]));
  return query;
}

Result<std::vector<ExperimentQuery>> make_queries(const EvalCollection& collection, const EvalOptions& options,
                                                  double scale) {
  std::vector<ExperimentQuery> queries;
  for (const size_t photo : choose_queries(collection.service().size(), options.queries, options.seed)) {
    auto query = make_query(collection, photo, scale);
    if (!query.ok()) return query.error();
    queries.push_back(std::move(*query));
  }
  if (options.trapped && queries.size() > 1) {
    // Each starts from what the network sees in the one after it.
    auto classes = std::move(queries.front().classes);
    for (size_t i = 0; i + 1 < queries.size(); ++i)
      queries[i].classes = std::move(queries[i + 1].classes);
    queries.back().classes = std::move(classes);
  }
  return queries;
}

Result<std::vector<const Strategy*>> chosen_strategies(const EvalOptions& options) {
  std::vector<const Strategy*> chosen;
  for (const std::string& name : options.strategies) {
    const auto strategy = find_strategy(name);
    if (!strategy.ok()) return strategy.error();
    chosen.push_back(*strategy);
  }
  if (options.ablation) {
    if (chosen.empty()) chosen.push_back(*find_strategy("adaptive"));
    for (const Strategy& strategy : adaptive_ablation())
      chosen.push_back(&strategy);
  }
  if (!chosen.empty()) return chosen;
  chosen.push_back(*find_strategy("clear"));  // what the others are compared with
  for (const Strategy& strategy : strategies()) {
    if (strategy.name != "clear") chosen.push_back(&strategy);
  }
  return chosen;
}

// For the strategies that use installed ones; null when none does, or none are installed.
Result<std::unique_ptr<WordVectors>> open_installed_words(const std::vector<const Strategy*>& chosen) {
  for (const Strategy* strategy : chosen) {
    if (strategy->words == WordsUsed::installed) return open_word_vectors(open_model_store(), *strategy, {});
  }
  return std::unique_ptr<WordVectors>();
}

Result<EvalReport> run(const EvalOptions& options) {
  const auto chosen = chosen_strategies(options);
  if (!chosen.ok()) return chosen.error();
  const auto words = open_installed_words(*chosen);
  const CommonWords common_words;
  if (!words.ok()) return words.error();
  const auto network = choose_network(options.model);
  if (!network.ok()) return network.error();
  const auto opened = EvalCollection::open(options.source, *network, !options.general.quiet);
  if (!opened.ok()) return opened.error();
  const EvalCollection& collection = **opened;
  const auto queries = make_queries(collection, options, network->score_scale);
  if (!queries.ok()) return queries.error();
  const ExperimentOptions experiment{
      .seeds = options.seeds,
      .first_seed = options.seed,
      .max_calls = *options.max_calls,
      .max_images = *options.max_images,
      .parallel = options.parallel,
      .now = collection.newest(),
      .installed_words = words->get(),
      .common_words = &common_words,
      .pace = options.pace,
      .features = [&collection](size_t photo) { return collection.embeddings().row(photo); }};
  std::vector<std::future<std::vector<SearchMeasure>>> running;
  for (const Strategy* strategy : *chosen) {
    running.push_back(std::async(std::launch::async, run_experiment, std::cref(collection.service()),
                                 std::cref(*queries), std::cref(*strategy), std::cref(experiment)));
  }
  EvalReport report{.queries = queries->size(),
                    .seeds = options.seeds,
                    .max_calls = *options.max_calls,
                    .max_images = *options.max_images,
                    .trapped = options.trapped};
  for (size_t i = 0; i < running.size(); ++i)
    report.results.push_back({std::string((*chosen)[i]->name), running[i].get()});
  return report;
}

// What the original program spends, as observed.
constexpr int kOriginalCalls = 80;
constexpr int kOriginalImages = 96;

// Fills in what the service decides, and what nobody has.
Status apply_service(EvalOptions& options) {
  SearchBudget budget{.calls = kOriginalCalls, .images = kOriginalImages};
  if (!options.service.empty()) {
    const auto info = find_provider(options.service);
    if (!info.ok()) return info.error();
    const SourceReach& reach = (*info)->reach;
    budget = (*info)->budget;
    options.source.reach = {.photos_per_call = reach.photos_per_call, .photos_per_query = reach.photos_per_query};
    options.pace.images_at_once = reach.images.max_at_once;
    options.pace.images_per_second = reach.images.per_second;
    options.pace.image_burst = reach.images.burst;
  }
  options.max_calls = options.max_calls.value_or(budget.calls);
  options.max_images = options.max_images.value_or(budget.images);
  return {};
}

void add_options(CLI::App& app, EvalOptions& options) {
  app.add_option("MANIFEST", options.source.manifest,
                 "a JSON Lines manifest (docs/formats.md), or the image labels of Open Images (.csv)")
      ->required();
  app.add_option("--strategy", options.strategies,
                 "replay only this one; may be repeated; the others are compared with the first")
      ->type_name("NAME")
      ->allow_extra_args(false);
  const auto count = CLI::Range(1, 1'000'000).description("");
  app.add_option("--queries", options.queries, "how many photos are searched for")->check(count)->capture_default_str();
  app.add_option("--seeds", options.seeds, "how many searches for each of them")->check(count)->capture_default_str();
  app.add_option("--seed", options.seed, "the seed of the choice of queries and of the searches")
      ->capture_default_str();
  app.add_option("--source", options.service,
                 "replay under this source's page size, depth and pace of images, with its usual budgets "
                 "('lookalike providers')")
      ->type_name("NAME");
  app.add_option("--max-calls", options.max_calls, "at most N calls in each search (80, or the source's)")
      ->type_name("N")
      ->check(count);
  app.add_option("--max-images", options.max_images, "at most N images in each search (96, or the source's)")
      ->type_name("N")
      ->check(count);
  app.add_option("--call-ms", options.pace.call_ms, "how long a call takes, in the median")
      ->type_name("MS")
      ->check(CLI::Range(0.0, 1e6).description(""))
      ->capture_default_str();
  app.add_option("--image-ms", options.pace.image_ms, "how long an image takes, in the median")
      ->type_name("MS")
      ->check(CLI::Range(0.0, 1e6).description(""))
      ->capture_default_str();
  app.add_option("--parallel", options.parallel, "at most N requests at once")->check(count)->capture_default_str();
  app.add_flag("--trapped", options.trapped, "start each search from the classes of another photo");
  app.add_flag("--ablation", options.ablation,
               "also replay adaptive without each of its ideas, and with more or less of it");
  app.add_option("--labels", options.labels, "also measure how many results share a label: title or tags")
      ->type_name("FIELD")
      ->check(one_of({"title", "tags"}));
  app.add_option("--class-names", options.source.class_names, "for Open Images: its file class-descriptions.csv")
      ->type_name("FILE");
  app.add_option("--photos", options.source.photos, "for Open Images: the folder with its photos")->type_name("FOLDER");
  app.add_option("--embeddings", options.source.embeddings, "keep embeddings in this file (62 KB for each photo)")
      ->type_name("FILE");
  app.add_option("--figure", options.figure, "also draw the curves over calls and images, as SVG")->type_name("FILE");
  app.add_flag("--json", options.json, "print JSON instead of a table");
  add_model_options(app, options.model);
  add_general_options(app, options.general);
}

}  // namespace

ExitCode run_eval_command(const std::vector<std::string>& arguments) {
  EvalOptions options;
  CLI::App app{
      "Replays strategies on a tagged collection, as a service that is searched by words only: photos of the\n"
      "collection are the queries, each left out of its own search. Nothing is downloaded.",
      "lookalike eval"};
  add_options(app, options);
  if (const auto stop = parse_command_line(app, arguments, search_option_names())) return *stop;
  if (options.labels == "title") options.source.labels = LabelSource::title;
  if (options.labels == "tags") options.source.labels = LabelSource::tags;
  if (const Status applied = apply_service(options); !applied.ok()) {
    print_error(applied.error().message);
    return ExitCode::wrong_use;
  }
  const auto report = run(options);
  if (!report.ok()) {
    print_error(report.error().message);
    return exit_code_for(report.error().code);
  }
  const ExitCode printed = print_answer(options.json ? eval_json(*report) : eval_table(*report));
  if (!options.figure.empty()) {
    const Status drawn = write_output_file(options.figure, eval_figure(*report));
    if (!drawn.ok()) {
      print_error(drawn.error().message);
      return ExitCode::wrong_use;
    }
  }
  return printed;
}

}  // namespace lookalike

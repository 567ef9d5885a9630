#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "cli/console/output_file.h"
#include "cli/options/command_line.h"
#include "cli/options/option_groups.h"
#include "core/search/strategies/strategy.h"

namespace lookalike {
namespace {

constexpr const char* kIntroduction =
    R"(Finds photos that look like yours, in services that can only be searched by words.

  lookalike photo.jpg                                   page addresses at Openverse, best first; no key needed
  lookalike photo.jpg --api-key KEY                     the same on Flickr
  lookalike photo.jpg --provider folder:Pictures --json over your own pictures, for scripts

Other commands: lookalike models, providers, eval, doctor, cache, help COMMAND, version.
)";

constexpr const char* kEpilogue = R"(
Environment: LOOKALIKE_FLICKR_KEY or FLICKR_API_KEY (the key; other sources have their own, see lookalike providers),
LOOKALIKE_CONTACT, LOOKALIKE_MODELS (a folder with networks), NO_COLOR.
Exit status: 0 found, 1 nothing found, 2 wrong use or output not writable, 3 key missing or refused, 4 quota used up,
5 source or network failed, 6 query image unreadable, 7 model missing or broken, 8 some images of several failed,
9 out of memory, threads or open files, 130 interrupted (what was found is printed first).)";

// CLI11's own usage line knows nothing of what IMAGE may be.
class SearchHelp final : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: lookalike [search] IMAGE... [options]\n"
           "       lookalike [search] --input FILE|- [-0] --format jsonl --output FILE [--resume] [options]\n"
           "       lookalike [search] --score [WEIGHT*]SPEC... [options]\n"
           "IMAGE: a path, '-' (standard input), an http(s) address, or a directory\n";
  }

  // The value's name and its default; what excludes what is said when it happens.
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0) return "";
    const std::string value = option->get_default_str().empty() ? "" : "=" + option->get_default_str();
    const std::string type = option->get_type_name();
    return " " + type.substr(0, type.find(':')) + value;  // without what its checks say of themselves
  }
};

const std::map<std::string, OutputFormat> kFormats = {{"urls", OutputFormat::urls},
                                                      {"table", OutputFormat::table},
                                                      {"json", OutputFormat::json},
                                                      {"jsonl", OutputFormat::jsonl},
                                                      {"html", OutputFormat::html}};

const std::map<std::string, Effort> kEfforts = {
    {"quick", Effort::quick}, {"normal", Effort::normal}, {"thorough", Effort::thorough}};

const std::map<std::string, LikeMode> kLikeModes = {{"mean", LikeMode::mean}, {"best", LikeMode::best}};

// A line each.
std::string strategy_help() {
  std::string help;
  for (const Strategy& strategy : strategies()) {
    help += (help.empty() ? "" : "\n") + std::string(strategy.name) + ": " + std::string(strategy.summary);
  }
  return help + "\n" + std::string(whole_strategy().name) + ": " + std::string(whole_strategy().summary);
}

void add_search(CLI::App& app, SearchCommandOptions& options) {
  const char* group = "Search";
  app.add_option("--strategy", options.strategy, strategy_help())
      ->type_name("NAME")
      ->default_str(kUsualStrategy)
      ->group(group);
  app.add_option("--effort", options.effort,
                 "quick, normal or thorough: how much of the source's usual budgets of calls and images to spend")
      ->transform(CLI::CheckedTransformer(kEfforts).description(""))
      ->type_name("NAME")
      ->default_str("normal")
      ->group(group);
  app.add_option("--seed", options.seed, "the same seed and the same answers give the same result")
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--max-calls", options.max_calls,
                 "at most N search calls, retries included (the source's usual budget: lookalike providers)")
      ->check(CLI::Range(1, 1'000'000).description(""))
      ->type_name("N")
      ->group(group);
  app.add_option("--max-images", options.max_images, "at most N downloaded images (likewise)")
      ->check(CLI::Range(1, 1'000'000).description(""))
      ->type_name("N")
      ->group(group);
  app.add_option("--time-limit", options.time_limit_seconds, "stop after this long and print what was found")
      ->check(CLI::Range(0.001, 1e7).description(""))
      ->type_name("SECONDS")
      ->group(group);
  app.add_option("--parallel", options.parallel, "at most N transfers at once")
      ->check(CLI::Range(1, 64).description(""))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--tag", options.tags, "search for this word first, besides what the network sees; may be repeated")
      ->type_name("WORD")
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  app.add_flag("--no-classify", options.no_classify, "do not search for what the network sees, only for --tag")
      ->group(group);
  app.add_option("--exclude-tag", options.excluded_tags, "never search for this tag; may be repeated")
      ->type_name("WORD")
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--stop-tags", options.stop_tags,
                 "a file with more tags to ignore, one on each line; off: ignore none")
      ->type_name("FILE|off")
      ->group(group);
}

void add_scoring(CLI::App& app, SearchCommandOptions& options) {
  const char* group = "Scoring";
  add_model_options(app, options.model);
  app.add_option("--similarity", options.similarity, "dot, cosine or gaussian")
      ->check(one_of({"dot", "cosine", "gaussian"}))
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--scale", options.scale, "divisor in the exponent of dot and gaussian (1000 for MobileNetV2)")
      ->type_name("X")
      ->group(group);
  app.add_option("--crop", options.crop, "use only this rectangle of the query image, in pixels")
      ->delimiter(',')
      ->take_all()
      ->expected(4)
      ->type_name("X,Y,W,H")
      ->group(group);
  app.add_option_function<std::vector<std::string>>(
         "--score",
         [&options](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) {
             auto score = parse_score_spec(text);
             if (!score.ok()) throw CLI::ValidationError(score.error().message);
             options.scores.push_back(std::move(*score));
           }
         },
         kScoreHelp)
      ->type_name("[WEIGHT*]SPEC")
      ->take_all()
      ->allow_extra_args(false)
      ->group(group);
  const auto add_images = [&](const char* name, std::vector<std::string>& images, const char* help) {
    app.add_option(name, images, help)->type_name("IMAGE")->take_all()->allow_extra_args(false)->group(group);
  };
  add_images("--like", options.liked, "another image to look like; may be repeated");
  add_images("--unlike", options.unliked, "an image to look less like; may be repeated");
  app.add_option("--like-mode", options.like_mode,
                 "with --like: look like the mean of the images, or like the best of them")
      ->transform(one_of(kLikeModes))
      ->type_name("mean|best")
      ->default_str("mean")
      ->group(group);
}

void add_results(CLI::App& app, SearchCommandOptions& options, bool& json) {
  const char* group = "Results";
  app.add_option("--top", options.top, "how many results")
      ->check(CLI::Range(1, 1'000'000).description(""))
      ->type_name("K")
      ->capture_default_str()
      ->group(group);
  app.add_option("--min-score", options.min_score,
                 "leave out results below this likeness, 0 to 100, or below this score of your own")
      ->type_name("X")
      ->group(group);
  app.add_flag("--keep-duplicates", options.keep_duplicates,
               "also show near-duplicates (re-uploads, one owner's shots of a moment), not only the best of them")
      ->group(group);
  app.add_option("--max-per-owner", options.max_per_owner, "at most N results of one owner")
      ->check(CLI::Range(1, 1'000'000).description(""))
      ->type_name("N")
      ->group(group);
  auto* format = app.add_option("--format", options.format, "urls, table, json, jsonl or html")
                     ->transform(one_of(kFormats))
                     ->type_name("NAME")
                     ->group(group);
  app.add_flag("--json", json, "the same as --format json")->excludes(format)->group(group);
  app.add_option("--output,-o", options.output, "write the results to this file")->type_name("FILE")->group(group);
  app.add_flag("--force", options.force, "overwrite the file of --output")->group(group);
  app.add_flag("--explain", options.explain,
               "also print each query in order of time, with its reason and its results; in JSON, also when each photo "
               "was scored")
      ->group(group);
}

void add_all(CLI::App& app, SearchCommandOptions& options, bool& json) {
  app.formatter(std::make_shared<SearchHelp>());
  app.footer(kEpilogue);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);  // so that an alias can be overruled
  app.add_option("IMAGE", options.images)->take_all()->group("");
  app.add_flag("--recursive,-r", options.recursive, "search directories with all folders below them")->group("Batch");
  add_source_options(app, options.source);
  add_search(app, options);
  add_scoring(app, options);
  add_results(app, options, json);
  add_batch_options(app, options.batch);
  add_network_options(app, options.network);
  add_cache_options(app, options.cache);
  add_general_options(app, options.general);
}

}  // namespace

std::vector<std::string> search_option_names() {
  SearchCommandOptions options;
  bool json = false;
  CLI::App app;
  add_all(app, options, json);
  return option_names(app);
}

std::optional<SearchCommandOptions> parse_search(const std::vector<std::string>& arguments, ExitCode& exit) {
  SearchCommandOptions options;
  bool json = false;
  CLI::App app{kIntroduction, "lookalike"};
  add_all(app, options, json);
  if (const auto stop = parse_command_line(app, arguments)) {
    exit = *stop;
    return std::nullopt;
  }
  if (json) options.format = OutputFormat::json;
  if (!options.batch.resume && names_standard_output(options.output)) options.output.clear();
  if (const Status status = check_options(options); !status.ok()) {
    print_error(status.error().message);
    exit = ExitCode::wrong_use;
    return std::nullopt;
  }
  return options;
}

}  // namespace lookalike

#include "cli/options/options.h"

#include "core/base/files/input.h"
#include "core/base/text/text.h"
#include "core/search/strategies/strategy.h"

namespace lookalike {
namespace {

// Whether photos are looked at without any word to search for: a folder's are (search_plan.h).
bool needs_no_query(const SearchCommandOptions& options) {
  const bool only_folders = !options.source.providers.empty() &&
                            std::ranges::all_of(options.source.providers, [](const std::string& provider) {
                              return provider.starts_with("folder:");
                            });
  const bool left_open = !chose_search(options) && !scores_by(options, ScoreKind::program);
  return only_folders && (left_open || options.strategy == whole_strategy().name);
}

// What --score leaves of the images and of what is said about them.
Status check_scores(const SearchCommandOptions& options) {
  const bool compares = compares_images(options);
  if (!has_query_images(options) && options.scores.empty()) {
    return Error{ErrorCode::usage, "no image given: lookalike photo.jpg (see lookalike --help)"};
  }
  if (!has_query_images(options) && compares) {
    return Error{ErrorCode::usage, "--score likeness compares photos with an image: give one (see lookalike --help)"};
  }
  const bool names_queries = std::ranges::any_of(options.scores, [](const ScoreSpec& score) {
    return score.kind == ScoreKind::class_output && score.factor() > 0;
  });
  if (!has_query_images(options) && options.tags.empty() && !names_queries && !needs_no_query(options)) {
    return Error{ErrorCode::usage,
                 "there is no first query: give one with --tag WORD, or an image that shows what to search for"};
  }
  const bool says_how = !options.liked.empty() || !options.unliked.empty() || !options.model.layer.empty();
  if (says_how && !compares) {
    return Error{ErrorCode::usage,
                 "--like, --unlike and --layer choose what photos are compared with, but with --score " +
                     terminal_safe(score_text(options.scores)) +
                     " they are compared with nothing; add --score likeness to mix the two"};
  }
  return {};
}

// It can be read only once.
Status check_standard_input(const SearchCommandOptions& options) {
  const auto is_it = [](const std::string& name) { return descriptor_named(name) == 0; };
  std::vector<std::string> uses;
  if (std::ranges::any_of(options.images, is_it)) uses.emplace_back("IMAGE");  // named twice, it is searched for once
  const auto note = [&](const char* option, const std::vector<std::string>& names) {
    uses.insert(uses.end(), static_cast<size_t>(std::ranges::count_if(names, is_it)), option);
  };
  note("--like", options.liked);
  note("--unlike", options.unliked);
  note("--input", options.batch.inputs);
  note("--api-key-file", {options.source.api_key_file});
  note("--stop-tags", {options.stop_tags});
  if (uses.size() <= 1) return {};
  return Error{ErrorCode::usage, "standard input can be read only once, but " + uses[0] + " and " + uses[1] +
                                     " both read it: give one of them a file"};
}

}  // namespace

Status check_options(const SearchCommandOptions& options) {
  if (const Status once = check_standard_input(options); !once.ok()) return once;
  if (const Status scores = check_scores(options); !scores.ok()) return scores;
  if (options.no_classify && options.tags.empty() && !needs_no_query(options)) {
    return Error{ErrorCode::usage, "--no-classify leaves no first query: give at least one --tag WORD"};
  }
  if (options.scale && !(*options.scale > 0)) {
    return Error{ErrorCode::usage, "--scale must be a positive number, such as 1000"};
  }
  // CLI11 counts what stands between blanks, not between commas.
  const auto& crop = options.crop;
  if (!crop.empty() && (crop.size() != 4 || crop[0] < 0 || crop[1] < 0 || crop[2] < 1 || crop[3] < 1)) {
    return Error{ErrorCode::usage, "--crop takes X,Y,WIDTH,HEIGHT in pixels, such as 10,20,300,200"};
  }
  if (options.cache.folder && options.cache.folder->empty())
    return Error{ErrorCode::usage, "--cache takes a folder, or off"};
  const Status batch =
      check_batch_options(options.batch, options.format == OutputFormat::jsonl, !options.output.empty());
  if (!batch.ok()) return batch;
  if (options.strategy == whole_strategy().name) return {};
  const auto strategy = find_strategy(strategy_name(options));
  if (strategy.ok()) return {};
  return Error{strategy.error().code, strategy.error().message + ", or, for a folder, all"};
}

}  // namespace lookalike

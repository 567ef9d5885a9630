#include "cli/search_command.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "cli/command_line.h"
#include "cli/html_output.h"
#include "cli/interrupt.h"
#include "cli/json_output.h"
#include "cli/log.h"
#include "cli/output_file.h"
#include "cli/progress.h"
#include "cli/query_features.h"
#include "cli/query_image.h"
#include "cli/report.h"
#include "cli/search_parts.h"
#include "cli/search_target.h"
#include "cli/table_output.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/search/result_list.h"
#include "core/search/search_engine.h"

namespace lookalike {
namespace {

// What one image came to.
struct Searched {
  std::optional<SearchReport> report;
  std::optional<Error> error;  // without a report: why; beside one: what ended the search
  ExitCode exit = ExitCode::found;
};

ResultOptions result_options(const SearchCommandOptions& options) {
  return {.top = static_cast<size_t>(options.top),
          .min_score = options.min_score,
          .keep_duplicates = options.keep_duplicates,
          .max_per_owner = options.max_per_owner};
}

// `scored_ms`: when the first photo was scored, the second, ...
std::vector<TraceStep> trace_of(const std::vector<FoundPhoto>& photos, const std::vector<int64_t>& scored_ms) {
  std::vector<TraceStep> trace(photos.size());
  for (const FoundPhoto& found : photos) {
    const auto place = static_cast<size_t>(found.number - 1);
    trace[place] = {scored_ms[place], found.photo.id, found.score.log_score};
  }
  return trace;
}

class SearchCommand {
 public:
  SearchCommand(const SearchCommandOptions& options, Log& log, InterruptListener& interrupts)
      : options_(options),
        log_(log),
        interrupts_(interrupts),
        out_(inspect_terminal(1, options.general.color)),
        err_(inspect_terminal(2, options.general.color)),
        format_(options.format.value_or(out_.is_terminal && options.output.empty() ? OutputFormat::table
                                                                                   : OutputFormat::urls)) {}

  ExitCode run();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  Status prepare();
  std::optional<TimePoint> deadline_from(TimePoint begin) const;
  Searched search_for(const std::string& source);
  Searched search_with(const std::string& source, std::optional<QueryImage> image, TimePoint begin);
  Result<SearchTarget> find_target(std::optional<QueryImage> image);
  SearchOptions search_options() const;
  int64_t milliseconds_since(TimePoint begin) const;
  SearchReport make_report(QueryReport query, SearchOutcome outcome, TimePoint begin) const;
  Searched judge(SearchReport report) const;
  void emit(const std::string& source, Searched searched);
  void append(std::string_view text);
  std::string rendered(const SearchReport& report) const;
  Status finish_output();
  ExitCode overall() const;
  ExitCode fail(const Error& error, ExitCode code);

  const SearchCommandOptions& options_;
  Log& log_;
  InterruptListener& interrupts_;
  Terminal out_;
  Terminal err_;
  OutputFormat format_;
  SystemClock clock_;
  std::vector<std::string> images_;
  bool without_image_ = false;  // but with --score
  std::optional<SearchParts> parts_;
  FeedbackImages feedback_;
  std::string buffered_;  // for --output
  Status output_status_;
  std::vector<SearchReport> reports_;  // for html
  std::vector<ExitCode> exits_;
  bool first_document_ = true;
};

ExitCode SearchCommand::fail(const Error& error, ExitCode code) {
  log_.write(LogLevel::error, error.message);
  return code;
}

Status SearchCommand::prepare() {
  auto images = expand_arguments(options_.images, options_.recursive);
  if (!images.ok()) return images.error();
  images_ = std::move(*images);
  without_image_ = images_.empty();
  if (without_image_) images_ = {options_.score->text};  // what the search goes by in messages and reports
  if (options_.output.empty()) return {};
  return check_output_file(options_.output, options_.force);
}

ExitCode SearchCommand::run() {
  if (const Status ready = prepare(); !ready.ok()) {
    const bool no_photos = ready.error().code == ErrorCode::not_found;
    return fail(ready.error(), no_photos ? ExitCode::query_unreadable : ExitCode::wrong_use);
  }
  auto parts = build_search_parts(options_, images_.size(), clock_, log_);
  if (!parts.ok()) return fail(parts.error(), exit_code_for(parts.error().code));
  parts_ = std::move(*parts);
  auto feedback = feedback_images(options_, *parts_, {interrupts_.token(), deadline_from(clock_.now())});
  if (!feedback.ok()) return fail(feedback.error(), exit_code_for_query(feedback.error().code));
  feedback_ = std::move(*feedback);
  for (const std::string& source : images_) {
    emit(source, search_for(source));
    if (exits_.back() == ExitCode::interrupted || exits_.back() == ExitCode::key_refused ||
        exits_.back() == ExitCode::model_broken) {
      break;  // the next image would fare no better
    }
  }
  if (const Status written = finish_output(); !written.ok()) return fail(written.error(), ExitCode::wrong_use);
  return overall();
}

std::optional<SearchCommand::TimePoint> SearchCommand::deadline_from(TimePoint begin) const {
  if (!options_.time_limit_seconds) return std::nullopt;
  return begin +
         std::chrono::duration_cast<TimePoint::duration>(std::chrono::duration<double>(*options_.time_limit_seconds));
}

Searched SearchCommand::search_for(const std::string& source) {
  const auto begin = clock_.now();
  if (without_image_) return search_with(source, std::nullopt, begin);
  auto image = read_query(source, options_.crop, *parts_, {interrupts_.token(), deadline_from(begin)});
  if (!image.ok()) return {.error = image.error(), .exit = exit_code_for_query(image.error().code)};
  return search_with(source, std::move(*image), begin);
}

Result<SearchTarget> SearchCommand::find_target(std::optional<QueryImage> image) {
  if (image) return image_target(std::move(*image), options_, feedback_, *parts_);
  return score_target(options_, *parts_);
}

// The user's own words are asked for while the network still loads and looks at the image, on a thread of its own.
Searched SearchCommand::search_with(const std::string& source, std::optional<QueryImage> image, TimePoint begin) {
  const auto deadline = deadline_from(begin);
  std::stop_source stop;
  const std::stop_callback interrupted(interrupts_.token(), [&stop] { stop.request_stop(); });
  SearchSession session(search_options(), **find_strategy(options_.strategy));  // the parser checked the name
  SearchEngine engine(*parts_->provider, *parts_->features, clock_);
  for (const auto& quota : parts_->quotas)
    quota->set_deadline(deadline);
  ProgressLine progress(err_, !options_.general.quiet);
  std::vector<int64_t> scored_ms;
  std::optional<Result<SearchTarget>> target;
  std::jthread finder;
  const auto tell = [&](SearchSession& waiting) {
    if (target->ok())
      waiting.on_query(*(*target)->scorer, (*target)->first_queries);
    else
      stop.request_stop();
  };
  SearchOutcome outcome = engine.run(
      session, stop.get_token(), deadline,
      [&](const SearchSession& now) {
        scored_ms.resize(static_cast<size_t>(now.counts().images_scored), milliseconds_since(begin));
        progress.update(now, source, options_.max_images);
      },
      [&](const auto& hand_over) {
        finder = std::jthread([&, hand_over] {
          target = find_target(std::move(image));
          hand_over(tell);
        });
      });
  finder.join();
  if (!target->ok()) return {.error = target->error(), .exit = exit_code_for_query(target->error().code)};
  auto trace = options_.explain ? trace_of(outcome.photos, scored_ms) : std::vector<TraceStep>{};
  SearchReport report = make_report(std::move((*target)->query), std::move(outcome), begin);
  report.trace = std::move(trace);
  return judge(std::move(report));
}

int64_t SearchCommand::milliseconds_since(TimePoint begin) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begin).count();
}

SearchOptions SearchCommand::search_options() const {
  std::vector<std::vector<std::string>> first_queries;
  for (const std::string& tag : options_.tags)
    first_queries.push_back({tag});
  std::function<bool(std::string_view)> ignores_tag;
  if (parts_->tag_cleaner)
    ignores_tag = [cleaner = parts_->tag_cleaner](std::string_view tag) { return cleaner->drops(tag); };
  return {.max_calls = options_.max_calls,
          .max_images = options_.max_images,
          .parallel = options_.parallel,
          .backlog = std::min(parts_->backlog, options_.parallel),
          .max_attempts = options_.network.retries + 1,
          .seed = options_.seed,
          .first_queries = std::move(first_queries),
          .excluded_tags = options_.excluded_tags,
          .ignores_tag = std::move(ignores_tag),
          .now = clock_.wall_time(),
          .words = parts_->words.get(),
          // Scores of the user's own are no features.
          .embeddings_kept = options_.score ? 0 : embeddings_needed(result_options(options_))};
}

SearchReport SearchCommand::make_report(QueryReport query, SearchOutcome outcome, TimePoint begin) const {
  outcome.photos = shown_results(std::move(outcome.photos), result_options(options_));
  const bool photos_are_embedded = !options_.score || parts_->wanted_class;  // else something else scores them
  return {.query = std::move(query),
          .run = {.provider = parts_->provider->name(),
                  .strategy = options_.strategy,
                  .model = parts_->network.name,
                  .layer = photos_are_embedded ? parts_->network.feature_layer : "",
                  .similarity = options_.similarity,
                  .score = options_.score ? options_.score->text : "",
                  .seed = options_.seed,
                  .elapsed_ms = milliseconds_since(begin)},
          .outcome = std::move(outcome)};
}

// Results in hand always win; else what kept them away decides.
Searched SearchCommand::judge(SearchReport report) const {
  const SearchOutcome& outcome = report.outcome;
  const auto refused_by_quota = std::find_if(outcome.errors.begin(), outcome.errors.end(),
                                             [](const ErrorSummary& e) { return e.code == ErrorCode::quota; });
  Searched searched{.error = outcome.fatal};
  if (outcome.stopped_by == StopReason::interrupted) {
    searched.exit = ExitCode::interrupted;
  } else if (!outcome.photos.empty()) {
    searched.exit = ExitCode::found;
  } else if (outcome.fatal) {
    searched.exit = exit_code_for(outcome.fatal->code);
  } else if (outcome.counts.calls_answered == 0 && refused_by_quota != outcome.errors.end()) {
    searched.exit = ExitCode::quota_used_up;
    searched.error = Error{ErrorCode::quota, refused_by_quota->message};
  } else if (outcome.counts.calls_answered == 0 && outcome.stopped_by == StopReason::time_limit) {
    searched.exit = ExitCode::source_failed;
    searched.error =
        Error{ErrorCode::network, "no answer from " + report.run.provider +
                                      " within the time limit: give more --time-limit, or try again later"};
  } else if (outcome.counts.calls_answered == 0 && outcome.counts.api_calls > 0) {
    searched.exit = ExitCode::source_failed;
    if (!outcome.errors.empty()) searched.error = Error{outcome.errors.front().code, outcome.errors.front().message};
  } else {
    searched.exit = ExitCode::nothing_found;
  }
  searched.report = std::move(report);
  return searched;
}

std::string SearchCommand::rendered(const SearchReport& report) const {
  std::string text;
  switch (format_) {
    case OutputFormat::urls:
      for (const FoundPhoto& found : report.outcome.photos) {
        // With several queries a line says whose it is; a file name may hold a newline, a line may not.
        if (images_.size() > 1) text += terminal_safe(report.query.source) + "\t";
        text += terminal_safe(found.photo.page_url) + "\n";
      }
      return text;
    case OutputFormat::table: return table_document(report, out_);
    case OutputFormat::json: return json_document(report, JsonStyle::pretty);
    case OutputFormat::jsonl: return json_document(report, JsonStyle::line) + "\n";
    case OutputFormat::html: return "";
  }
  return text;
}

void SearchCommand::emit(const std::string& source, Searched searched) {
  exits_.push_back(searched.exit);
  if (searched.error) log_.write(LogLevel::error, searched.error->message);
  if (searched.report && searched.exit == ExitCode::nothing_found) {
    log_.write(LogLevel::warning, terminal_safe(source) +
                                      ": nothing found; try --tag WORD, a larger --max-images, or "
                                      "another source (lookalike providers)");
  }
  std::string document;
  if (searched.report) {
    document = rendered(*searched.report);
    if (options_.explain && format_ != OutputFormat::json && format_ != OutputFormat::jsonl) {
      std::fputs(explanation(*searched.report, err_).c_str(), stderr);
    }
    if (err_.is_terminal && !options_.general.quiet) {
      std::fprintf(stderr, "%s\n", styled(run_summary(*searched.report), Style::dim, err_).c_str());
    }
    if (format_ == OutputFormat::html) reports_.push_back(std::move(*searched.report));
  } else if (format_ == OutputFormat::json || format_ == OutputFormat::jsonl) {
    const FailedQuery failure{source, *searched.error};
    document = format_ == OutputFormat::json ? json_document(failure, JsonStyle::pretty)
                                             : json_document(failure, JsonStyle::line) + "\n";
  }
  if (format_ == OutputFormat::json && images_.size() > 1) {
    document = (first_document_ ? "[\n" : ",\n") + document;
    first_document_ = false;
  }
  append(document);
}

// To a file all at once at the end; to standard output as it comes, so that nothing is lost with the process.
void SearchCommand::append(std::string_view text) {
  if (!options_.output.empty())
    buffered_ += text;
  else if (output_status_.ok())
    output_status_ = write_standard_output(text);
}

Status SearchCommand::finish_output() {
  if (format_ == OutputFormat::html) append(html_page(reports_));
  if (format_ == OutputFormat::json) append(images_.size() > 1 ? "\n]\n" : "\n");
  if (options_.output.empty()) return output_status_;
  const Status written = write_file_atomically(options_.output, buffered_);
  if (written.ok()) return written;
  (void)write_standard_output(buffered_);  // what was found is not lost with the file
  return written;
}

ExitCode SearchCommand::overall() const {
  if (exits_.size() == 1) return exits_.front();
  const auto any = [this](ExitCode code) { return std::find(exits_.begin(), exits_.end(), code) != exits_.end(); };
  for (const ExitCode code :
       {ExitCode::interrupted, ExitCode::key_refused, ExitCode::quota_used_up, ExitCode::model_broken}) {
    if (any(code)) return code;
  }
  const bool all_found =
      std::all_of(exits_.begin(), exits_.end(), [](ExitCode code) { return code == ExitCode::found; });
  if (all_found) return ExitCode::found;
  const bool none_failed = std::all_of(exits_.begin(), exits_.end(), [](ExitCode code) {
    return code == ExitCode::found || code == ExitCode::nothing_found;
  });
  if (!none_failed) return ExitCode::some_failed;
  return any(ExitCode::found) ? ExitCode::found : ExitCode::nothing_found;
}

}  // namespace

ExitCode run_search_command(const SearchCommandOptions& options) {
  InterruptListener interrupts;
  auto log = Log::open(options.general, inspect_terminal(2, options.general.color));
  if (!log.ok()) {
    print_error(log.error().message);
    return ExitCode::wrong_use;
  }
  return SearchCommand(options, **log, interrupts).run();
}

}  // namespace lookalike

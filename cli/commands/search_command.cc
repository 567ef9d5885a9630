#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "cli/batch/batch_input.h"
#include "cli/batch/batch_plan.h"
#include "cli/batch/batch_run.h"
#include "cli/batch/json_lines_file.h"
#include "cli/batch/result_writer.h"
#include "cli/commands/commands.h"
#include "cli/commands/process_end.h"
#include "cli/console/log_writer.h"
#include "cli/console/output_file.h"
#include "cli/options/command_line.h"
#include "cli/output/formats.h"
#include "cli/output/progress.h"
#include "cli/query/image_search.h"
#include "cli/wiring/search_setup.h"
#include "core/base/text/text.h"
#include "core/pipeline/call_allowance.h"

namespace lookalike {
namespace {

// One run of the command: finds out what to search for, builds what a search needs, then runs one search or many.
class SearchCommand {
 public:
  SearchCommand(const SearchCommandOptions& options, LogWriter& log, InterruptListener& interrupts)
      : options_(options),
        log_(log),
        interrupts_(interrupts),
        out_(inspect_terminal(1, options.general.color)),
        err_(inspect_terminal(2, options.general.color)) {}

  ExitCode run();

 private:
  Status prepare();
  Status open_output();
  Status check_pages() const;
  JsonLinesFile::Mode output_mode() const;
  bool is_batch() const { return input_.from_folders || input_.images.size() != 1 || options_.batch.resume; }
  ExitCode run_batch();
  ExitCode run_one();
  ExitCode dry_run();
  WaitMode wait_mode() const;
  std::shared_ptr<WaitNotice> wait_notice();
  void tell(const Searched& searched) const;
  void tell_error(const Searched& searched) const;
  ExitCode fail(const Error& error, ExitCode code);
  InputPatience input_patience() const { return patience_from(options_, clock_.now(), interrupts_.token()); }

  const SearchCommandOptions& options_;
  LogWriter& log_;
  InterruptListener& interrupts_;
  Terminal out_;
  Terminal err_;
  SystemClock clock_;
  BatchInput input_;
  bool without_image_ = false;          // but with --score
  std::optional<JsonLinesFile> lines_;  // of a batch that writes JSON Lines to --output
  std::unique_ptr<SearchSetup> setup_;
  FeedbackImages feedback_;
};

ExitCode SearchCommand::fail(const Error& error, ExitCode code) {
  log_.write(LogLevel::error, error.message);
  return code;
}

Status SearchCommand::prepare() {
  auto input = collect_images(options_, input_patience());
  if (!input.ok()) return input.error();
  input_ = std::move(*input);
  without_image_ = !has_query_images(options_);
  if (without_image_) input_.images = {score_text(options_.scores)};  // what the search goes by in messages and reports
  if (const std::string skipped = input_.skipped(); !skipped.empty()) {
    log_.write(LogLevel::info, "skipped: " + skipped);
  }
  return open_output();
}

JsonLinesFile::Mode SearchCommand::output_mode() const {
  if (options_.batch.retry_failed && !options_.batch.dry_run) return JsonLinesFile::Mode::retry_failed;
  if (options_.batch.resume) return JsonLinesFile::Mode::resume;
  return options_.force ? JsonLinesFile::Mode::overwrite : JsonLinesFile::Mode::fresh;
}

Status SearchCommand::open_output() {
  if (options_.output.empty()) return check_standard_output();
  const bool appended = is_batch() && options_.format == OutputFormat::jsonl;
  if (!appended) return check_output_file(options_.output, options_.force);
  if (options_.batch.dry_run && !options_.batch.resume) return {};
  auto lines = JsonLinesFile::open(options_.output, output_mode(), interrupts_.token());
  if (!lines.ok()) return lines.error();
  if (lines->lost_a_torn_line())
    log_.write(LogLevel::warning, options_.output + ": its last line was incomplete; it has been removed");
  lines_.emplace(std::move(*lines));
  return {};
}

// Pages beside the first, when the source's terms make several of what may be found.
Status SearchCommand::check_pages() const {
  if (options_.output.empty() || options_.format != OutputFormat::html || options_.force) return {};
  const auto limit = photos_on_page(setup_->provider().name());
  if (!limit || !is_plain_file(options_.output)) return {};
  const std::filesystem::path first(options_.output);
  const size_t photos = static_cast<size_t>(options_.top) * input_.images.size();
  for (size_t page = 2; page <= (photos + *limit - 1) / *limit; ++page) {
    const auto file = first.parent_path() / html_file_name(first.filename().string(), page);
    if (const Status free = check_output_file(file.string(), false); !free.ok()) return free;
  }
  return {};
}

ExitCode SearchCommand::run() {
  if (const Status ready = prepare(); !ready.ok()) {
    const bool no_photos = ready.error().code == ErrorCode::not_found;
    return fail(ready.error(), no_photos ? ExitCode::query_unreadable : ExitCode::wrong_use);
  }
  auto checked = check_options(options_, input_.images.size(), log_, input_patience());
  if (!checked.ok()) return fail(checked.error(), exit_code_for(checked.error().code));
  auto setup = SearchSetup::build(std::move(*checked), clock_, log_);
  if (!setup.ok()) return fail(setup.error(), exit_code_for(setup.error().code));
  setup_ = std::move(*setup);
  if (options_.batch.dry_run) return dry_run();
  if (const Status free = check_pages(); !free.ok()) return fail(free.error(), ExitCode::wrong_use);
  auto feedback = feedback_images(*setup_, input_patience());
  if (!feedback.ok()) return fail(feedback.error(), exit_code_for_query(feedback.error().code));
  feedback_ = std::move(*feedback);
  return is_batch() ? run_batch() : run_one();
}

ExitCode SearchCommand::dry_run() {
  BatchPlan plan{.images = static_cast<int64_t>(input_.images.size()),
                 .skipped = input_.skipped(),
                 .elsewhere = input_.elsewhere,
                 .max_calls = setup_->plan().max_calls,
                 .total_calls = options_.batch.total_calls};
  plan.done_before = std::count_if(input_.images.begin(), input_.images.end(), [this](const std::string& image) {
    const auto* done = lines_ ? lines_->done(image) : nullptr;
    return done != nullptr && !(options_.batch.retry_failed && done->front().result == Earlier::failed);
  });
  if (HourlyQuota* const quota = setup_->tightest_quota()) {
    plan.calls_per_hour = quota->limit();
    if (const auto use = quota->use(); use.ok()) plan.calls_used = use->used;
  }
  const Status written = write_standard_output(plan_text(plan));
  return written.ok() ? ExitCode::found : fail(written.error(), ExitCode::wrong_use);
}

ExitCode SearchCommand::run_batch() {
  if (const Status loaded = setup_->scoring().wait_for_networks(); !loaded.ok())
    return fail(loaded.error(), ExitCode::model_broken);
  interrupts_.end_at_once(false);
  JsonLinesFile* const file = lines_ ? &*lines_ : nullptr;
  const auto notice = wait_notice();
  ImageSearch search(*setup_, feedback_, clock_, {wait_mode(), notice}, options_.batch.jobs);
  ResultWriter writer(options_, out_, true, file);
  BatchRun batch({.options = options_,
                  .images = input_.images,
                  .search = search,
                  .writer = writer,
                  .file = file,
                  .quota = setup_->tightest_quota(),
                  .allowance = setup_->allowance(),
                  .notice = *notice,
                  .log = log_,
                  .clock = clock_,
                  .err = err_,
                  .plan = setup_->plan()});
  const auto exit = batch.run(interrupts_.token());
  return exit.ok() ? *exit : fail(exit.error(), ExitCode::wrong_use);
}

ExitCode SearchCommand::run_one() {
  const std::string& source = input_.images.front();
  const auto notice = wait_notice();
  ImageSearch search(*setup_, feedback_, clock_, {wait_mode(), notice});
  ResultWriter writer(options_, out_, false);
  ProgressLine progress(err_, {.wanted = !options_.general.quiet,
                               .query = source,
                               .own_score = score_text(options_.scores),
                               .max_images = setup_->plan().max_images,
                               .every_photo = setup_->plan().strategy->only_listed,
                               .notice = notice});
  const auto show = [&progress](const SearchSession& now) { progress.update(now); };
  interrupts_.end_at_once(false);  // from here on programs of the user's may run, which are to end, too
  Searched searched = without_image_ ? search.run_without_image(interrupts_.token(), show)
                                     : search.run(source, interrupts_.token(), show);
  progress.clear();
  const ExitCode exit = searched.exit;
  tell(searched);
  (void)writer.write(source, std::move(searched));  // finish() says it again
  const Status written = writer.finish(interrupts_.token());
  return written.ok() ? exit : fail(written.error(), ExitCode::wrong_use);
}

WaitMode SearchCommand::wait_mode() const {
  if (options_.batch.on_quota) return *options_.batch.on_quota == OnQuota::stop ? WaitMode::stop : WaitMode::wait;
  return is_batch() ? WaitMode::wait : WaitMode::brief;
}

std::shared_ptr<WaitNotice> SearchCommand::wait_notice() {
  return std::make_shared<WaitNotice>(log_.sink(), err_.is_terminal && !options_.general.quiet);
}

void SearchCommand::tell_error(const Searched& searched) const {
  const Error& error = *searched.error;
  if (error.cause != ErrorCause::rate) return log_.write(LogLevel::error, error.message);
  const bool may_wait = wait_mode() != WaitMode::wait;
  const std::string help = may_wait ? "; --on-quota wait waits for it" : "; a longer --time-limit waits for it";
  if (searched.exit == ExitCode::found)
    log_.write(LogLevel::warning, "the search ended early and shows what it has found: " + error.message + help);
  else
    log_.write(LogLevel::error, error.message + help);
}

void SearchCommand::tell(const Searched& searched) const {
  if (searched.error) tell_error(searched);
  if (!searched.report) return;
  const SearchReport& report = *searched.report;
  if (searched.exit == ExitCode::nothing_found) {
    log_.write(LogLevel::warning, terminal_safe(report.query.source) +
                                      ": nothing found; try --tag WORD, a larger --max-images, or "
                                      "another source (lookalike providers)");
  }
  if (const auto unseen = unseen_text(setup_->plan(), report.outcome)) log_.write(LogLevel::warning, *unseen);
  if (options_.explain && options_.format != OutputFormat::json && options_.format != OutputFormat::jsonl) {
    std::fputs(explanation(report, err_).c_str(), stderr);
  }
  if (err_.is_terminal && !options_.general.quiet) {
    std::fprintf(stderr, "%s\n", styled(run_summary(report), Style::dim, err_).c_str());
  }
}

}  // namespace

ExitCode run_search_command(const SearchCommandOptions& options) {
  InterruptListener interrupts;
  interrupts.end_at_once(true);
  auto log = LogWriter::open(options.general, inspect_terminal(2, options.general.color));
  if (!log.ok()) {
    print_error(log.error().message);
    return ExitCode::wrong_use;
  }
  return SearchCommand(options, **log, interrupts).run();
}

}  // namespace lookalike

#include "cli/batch/batch_run.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>

#include "cli/output/formats.h"
#include "cli/query/query_image.h"
#include "core/base/text/digest.h"
#include "core/base/text/text.h"
#include "core/base/thread_start.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// With --ordered: how far the fastest job may be ahead of the slowest, in images for each.
constexpr size_t kHeldForAJob = 16;
constexpr milliseconds kBetweenUpdates{200};
constexpr seconds kBetweenSyncs{1};
constexpr seconds kBetweenLogLines{60};
// The service says that its quota is used up, and our own count does not know when it ends.
constexpr seconds kServiceQuotaPause{60};
constexpr milliseconds kLongestQuotaNap{10'000};

bool ends_run(ExitCode exit) {
  return exit == ExitCode::interrupted || exit == ExitCode::key_refused || exit == ExitCode::model_broken;
}

bool is_failure(const Searched& searched) {
  return searched.exit != ExitCode::found && searched.exit != ExitCode::nothing_found;
}

}  // namespace

BatchRun::BatchRun(const Setup& setup)
    : setup_(setup),
      begin_(setup.clock.now()),
      tally_(static_cast<int64_t>(setup.images.size())),
      on_screen_(setup.err) {}

Result<ExitCode> BatchRun::run(std::stop_token stop) {
  {
    std::vector<std::jthread> watcher;  // without it there is no progress to see
    (void)start_if_possible(watcher, [this](std::stop_token over) { watch(over); });
    std::vector<std::jthread> jobs;
    const auto most = static_cast<size_t>(setup_.options.batch.jobs);
    while (jobs.size() < most && start_if_possible(jobs, [this, stop] { work(stop); })) {
    }
    if (jobs.empty()) work(stop);
  }
  const std::lock_guard lock(mutex_);
  on_screen_.clear();
  if (stop.stop_requested()) tally_.add_cut({.exit = ExitCode::interrupted});
  if (!output_.ok()) return output_.error();
  if (Status finished = setup_.writer.finish(stop); !finished.ok()) return finished.error();
  say(tally_.summary(std::chrono::duration_cast<milliseconds>(setup_.clock.now() - begin_)));
  return tally_.exit();
}

void BatchRun::work(std::stop_token stop) {
  while (const auto index = next(stop))
    finish(*index, attempt(setup_.images[*index], stop));
}

// Nothing when there is no more to do. With --ordered nobody runs far ahead of what could be written.
std::optional<size_t> BatchRun::next(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const size_t window = kHeldForAJob * static_cast<size_t>(setup_.options.batch.jobs);
  changed_.wait(lock, stop, [&] {
    return ending_ || next_ >= setup_.images.size() || !setup_.options.batch.ordered || next_ < next_to_write_ + window;
  });
  if (ending_ || stop.stop_requested() || next_ >= setup_.images.size()) return std::nullopt;
  return next_++;
}

// An image is known by its name and its content; of what cannot be read here the name has to do.
std::optional<Earlier> BatchRun::done_before(const std::string& source) const {
  const auto* done = setup_.file == nullptr ? nullptr : setup_.file->done(source);
  if (done == nullptr) return std::nullopt;
  const bool is_file = source != "-" && !is_web_address(source);
  const auto digest = is_file ? sha256_of_file(source) : Result<std::string>(Error{});
  for (const DoneImage& image : *done) {
    if (image.sha256.empty() || !digest.ok() || image.sha256 == *digest) return image.result;
  }
  return std::nullopt;
}

BatchRun::Outcome BatchRun::attempt(const std::string& source, std::stop_token stop) {
  if (const auto earlier = done_before(source)) return {.earlier = earlier};
  while (true) {
    wait_for_quota(stop);
    if (stop.stop_requested()) return {.searched = {.exit = ExitCode::interrupted}};
    Searched searched = setup_.search.run(source, stop, nullptr);
    if (searched.exit != ExitCode::quota_used_up || is_cut(searched)) return {.searched = std::move(searched)};
    const auto now = setup_.clock.now();
    setup_.notice.waiting(
        now, {now + kServiceQuotaPause, searched.error ? searched.error->message : "the quota is used up"});
    pause(kServiceQuotaPause, stop);
  }
}

// Before the search begins, so that --time-limit is not spent on it.
void BatchRun::wait_for_quota(std::stop_token stop) {
  if (setup_.quota == nullptr || setup_.quota->limit() == 0 || setup_.options.batch.on_quota == OnQuota::stop) return;
  while (!stop.stop_requested()) {
    const auto use = setup_.quota->use();
    if (!use.ok() || use->used < setup_.quota->limit()) return;
    const auto now = setup_.clock.now();
    if (use->next_free > kPace) setup_.notice.waiting(now, {now + use->next_free, "the hourly budget is used up"});
    pause(std::clamp<milliseconds>(use->next_free, milliseconds(10), kLongestQuotaNap), stop);
  }
}

void BatchRun::pause(milliseconds duration, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, duration, [this] { return ending_; });
}

// The search was kept from calls that it would have made, and the run is to end there.
bool BatchRun::is_cut(const Searched& searched) const {
  const bool refused = searched.quota_refused || searched.exit == ExitCode::quota_used_up;
  const bool run_used_up = setup_.allowance != nullptr && setup_.allowance->left() == 0;
  return refused && (setup_.options.batch.on_quota == OnQuota::stop || run_used_up);
}

void BatchRun::finish(size_t index, Outcome outcome) {
  const std::lock_guard lock(mutex_);
  if (!setup_.options.batch.ordered) {
    emit(setup_.images[index], std::move(outcome));
  } else {
    held_.emplace(index, std::move(outcome));
    for (auto first = held_.begin(); first != held_.end() && first->first == next_to_write_; first = held_.begin()) {
      emit(setup_.images[next_to_write_++], std::move(first->second));
      held_.erase(first);
    }
  }
  changed_.notify_all();
}

// REQUIRES: mutex_ is held
void BatchRun::emit(const std::string& source, Outcome outcome) {
  if (outcome.earlier) return tally_.add(*outcome.earlier);
  Searched& searched = outcome.searched;
  const bool cut = ends_run(searched.exit) || is_cut(searched);
  ending_ = ending_ || cut || (setup_.options.batch.fail_fast && is_failure(searched));
  tell(source, searched);
  if (!cut) {
    tally_.add(searched);
    return write(source, std::move(searched));
  }
  tally_.add_cut(searched);
  const bool worth_showing = searched.report || searched.exit != ExitCode::interrupted;
  if (setup_.file == nullptr && worth_showing) write(source, std::move(searched));
}

void BatchRun::write(const std::string& source, Searched searched) {
  if (!searched.report && !searched.error) return;
  if (Status written = setup_.writer.write(source, std::move(searched)); !written.ok()) output_ = written;
  ending_ = ending_ || !output_.ok() || setup_.writer.closed();
}

void BatchRun::tell(const std::string& source, const Searched& searched) {
  const std::string name = terminal_safe(source);
  const bool wanted = searched.error && searched.error->code != ErrorCode::interrupted;
  if (wanted || (searched.report && searched.exit == ExitCode::nothing_found)) on_screen_.clear();
  if (wanted) {
    const bool named = searched.error->message.find(source) != std::string::npos;
    setup_.log.write(LogLevel::error, (named ? "" : name + ": ") + searched.error->message);
  }
  if (!searched.report) return;
  const auto unseen = unseen_text(setup_.plan, searched.report->outcome);
  if (unseen && !std::exchange(told_unseen_, true)) {
    on_screen_.clear();
    setup_.log.write(LogLevel::warning, name + ": " + *unseen);
  }
  if (searched.exit == ExitCode::nothing_found) {
    setup_.log.write(LogLevel::warning, name +
                                            ": nothing found; try --tag WORD, a larger --max-images, or another source "
                                            "(lookalike providers)");
  }
  const bool is_json = setup_.writer.format() == OutputFormat::json || setup_.writer.format() == OutputFormat::jsonl;
  if (setup_.options.explain && !is_json) std::fputs(explanation(*searched.report, setup_.err).c_str(), stderr);
}

// The thread that looks on: it brings lines to the disk and says how far the run has come.
void BatchRun::watch(std::stop_token over) {
  auto synced = setup_.clock.now();
  auto said = synced;
  std::mutex unused;
  std::condition_variable_any bell;
  std::unique_lock lock(unused);
  while (!over.stop_requested()) {
    bell.wait_for(lock, over, kBetweenUpdates, [] { return false; });
    const auto now = setup_.clock.now();
    if (now - synced >= kBetweenSyncs) {
      sync_file();
      synced = now;
    }
    if (setup_.options.general.quiet || over.stop_requested()) continue;
    if (setup_.err.is_terminal) {
      show(progress());
    } else if (now - said >= kBetweenLogLines) {
      say(progress());
      said = now;
    }
  }
}

void BatchRun::sync_file() {
  if (setup_.file == nullptr) return;
  const Status synced = setup_.file->sync();
  if (synced.ok()) return;
  const std::lock_guard lock(mutex_);
  output_ = synced;
  ending_ = true;
  changed_.notify_all();
}

std::string BatchRun::progress() {
  BatchTally::Pace pace{.elapsed = std::chrono::duration_cast<milliseconds>(setup_.clock.now() - begin_)};
  if (setup_.quota != nullptr && setup_.quota->limit() > 0) {
    pace.calls_per_hour = setup_.quota->limit();
    if (const auto use = setup_.quota->use(); use.ok()) pace.calls_left = std::max(0, pace.calls_per_hour - use->used);
  }
  if (setup_.allowance != nullptr)
    pace.calls_left = std::min(setup_.allowance->left(), pace.calls_left.value_or(INT64_MAX));
  const auto waiting = setup_.notice.countdown(setup_.clock.now());
  const std::lock_guard lock(mutex_);
  return tally_.progress(pace) + (waiting ? "; " + *waiting : "");
}

// On standard error although it is no warning, since a long run without a word looks like a dead one.
void BatchRun::say(const std::string& line) {
  if (setup_.options.general.verbosity == 0 && !setup_.options.general.quiet) {
    std::fprintf(stderr, "lookalike: %s\n", line.c_str());
  }
  setup_.log.write(LogLevel::info, line);
}

void BatchRun::show(const std::string& line) {
  const std::lock_guard lock(mutex_);
  on_screen_.show(line);
}

}  // namespace lookalike

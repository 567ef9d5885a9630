#include "cli/batch/batch_tally.h"

#include <algorithm>
#include <cstdio>

#include "core/base/text/numbers.h"

namespace lookalike {
namespace {

std::string count(int64_t number, const char* what) {
  return std::to_string(number) + " " + what;
}

std::string rate(int64_t images, std::chrono::milliseconds elapsed) {
  char text[48];
  std::snprintf(text, sizeof text, "%.3g images a second",
                static_cast<double>(images) * 1000 / static_cast<double>(std::max<int64_t>(1, elapsed.count())));
  return text;
}

}  // namespace

void BatchTally::add_cost(const Searched& searched) {
  exits_.insert(searched.exit);
  if (!searched.report) return;
  const SearchCounts& counts = searched.report->outcome.counts;
  calls_ += counts.api_calls;
  downloads_ += counts.images_downloaded;
  calls_saved_ += counts.calls_saved;
  downloads_saved_ += counts.cache_hits - counts.calls_saved;
}

void BatchTally::add(const Searched& searched) {
  add_cost(searched);
  ++searched_;
  const bool has_photos = searched.report && !searched.report->outcome.photos.empty();
  if (has_photos)
    ++found_;
  else if (searched.exit == ExitCode::nothing_found || searched.exit == ExitCode::interrupted)
    ++nothing_found_;
  else
    ++failed_;
}

void BatchTally::add(Earlier earlier) {
  ++earlier_;
  switch (earlier) {
    case Earlier::found: ++found_; break;
    case Earlier::nothing_found: ++nothing_found_; break;
    case Earlier::failed: ++failed_; break;
  }
}

void BatchTally::add_cut(const Searched& searched) {
  add_cost(searched);
  if (searched.exit == ExitCode::found || searched.exit == ExitCode::nothing_found)
    exits_.insert(ExitCode::quota_used_up);
}

ExitCode BatchTally::exit() const {
  for (const ExitCode code :
       {ExitCode::interrupted, ExitCode::key_refused, ExitCode::quota_used_up, ExitCode::model_broken}) {
    if (exits_.contains(code)) return code;
  }
  if (failed_ > 0) return ExitCode::some_failed;
  return found_ > 0 || done() == 0 ? ExitCode::found : ExitCode::nothing_found;
}

std::optional<std::chrono::milliseconds> BatchTally::time_left(const Pace& pace) const {
  if (searched_ == 0) return std::nullopt;
  const auto left = static_cast<double>(images_ - done());
  const auto done_now = static_cast<double>(searched_);
  double ms = static_cast<double>(pace.elapsed.count()) / done_now * left;
  if (pace.calls_per_hour > 0) {
    const double calls =
        static_cast<double>(calls_) / done_now * left - static_cast<double>(pace.calls_left.value_or(0));
    ms = std::max(ms, calls / pace.calls_per_hour * 3'600'000);
  }
  return std::chrono::milliseconds(static_cast<int64_t>(std::min(ms, 1e15)));
}

std::string BatchTally::progress(const Pace& pace) const {
  std::string text =
      std::to_string(done()) + "/" + count(images_, "images, ") + count(found_, "found, ") + count(failed_, "failed");
  if (pace.calls_left) text += ", " + count(*pace.calls_left, "calls left");
  if (const auto left = time_left(pace)) text += ", " + duration_text(*left) + " left";
  return text;
}

std::string BatchTally::summary(std::chrono::milliseconds elapsed) const {
  std::string text = std::to_string(done()) + " of " + count(images_, "images: ") + count(found_, "found, ") +
                     count(nothing_found_, "without a result, ") + count(failed_, "failed");
  if (earlier_ > 0) text += ", " + count(earlier_, "of them done before");
  text += "; " + count(calls_, "calls and ") + count(downloads_, "downloads");
  text += ", and sharing saved " + count(calls_saved_, "calls and ") + count(downloads_saved_, "downloads");
  return text + "; " + duration_text(elapsed) + ", " + rate(searched_, elapsed);
}

}  // namespace lookalike

// One search, from the name of an image to what was found and the exit status that it means.
// Threads: run() may be called on several threads at once, each for an image of its own, once the networks are loaded
// (PhotoScoring::wait_for_networks); the setup is shared.
// Tested by tests/command/command_search_test.cc and command_batch_test.cc
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "cli/console/exit_code.h"
#include "cli/options/options.h"
#include "cli/output/report.h"
#include "cli/query/query_features.h"
#include "cli/query/search_target.h"
#include "cli/wiring/search_patience.h"
#include "cli/wiring/search_setup.h"
#include "core/base/clock.h"
#include "core/base/files/input.h"
#include "core/search/session/search_engine.h"

namespace lookalike {

// What one image came to.
struct Searched {
  std::optional<SearchReport> report;
  std::optional<Error> error;  // without a report: why; beside one: what ended the search
  ExitCode exit = ExitCode::found;
  std::string sha256 = {};     // of the image's file, when that could be read
  bool quota_refused = false;  // a call was not made for want of quota: with more there might have been more
};

class ImageSearch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // How the searches of a run wait for rates and budgets, and who says so.
  struct Waiting {
    WaitMode mode = WaitMode::brief;
    std::shared_ptr<WaitNotice> notice = {};  // may be null
  };

  // All borrowed. `at_once`: how many searches share --parallel.
  ImageSearch(SearchSetup& setup, const FeedbackImages& feedback, const Clock& clock, Waiting waiting, int at_once = 1)
      : options_(setup.options().given),
        setup_(setup),
        feedback_(feedback),
        clock_(clock),
        waiting_(std::move(waiting)),
        at_once_(at_once) {}

  // `progress` is called on this thread, after each report; it may be empty.
  Searched run(const std::string& source, std::stop_token stop, const SearchEngine::Progress& progress);
  // With --score and no image.
  Searched run_without_image(std::stop_token stop, const SearchEngine::Progress& progress);

 private:
  struct Read;

  Read read(const std::string& source, std::stop_token stop) const;
  Searched search(std::optional<QueryImage> image, TimePoint begin, std::stop_token stop,
                  const SearchEngine::Progress& progress);
  std::shared_ptr<SearchPatience> patience(std::optional<TimePoint> deadline, std::chrono::seconds longest) const;
  std::optional<TimePoint> search_deadline(TimePoint begin) const;
  SearchOptions search_options(const std::optional<QueryImage>& image, const std::stop_token& stop) const;
  int64_t milliseconds_since(TimePoint begin) const;
  SearchReport make_report(QueryReport query, SearchOutcome outcome, TimePoint begin) const;

  const SearchCommandOptions& options_;
  SearchSetup& setup_;
  const FeedbackImages& feedback_;
  const Clock& clock_;
  const Waiting waiting_;
  int at_once_;
};

// How long an input is waited for from then on, if --time-limit is given: that long for a download, or for somebody who
// writes into a named pipe; for the end of what comes through a pipe --timeout longer, since a search that is given few
// seconds may well stand behind a program that takes more.
InputPatience patience_from(const SearchCommandOptions& options, ImageSearch::TimePoint begin, std::stop_token stop);

}  // namespace lookalike

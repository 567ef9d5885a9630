#include "cli/query/image_search.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/wiring/http_options.h"
#include "core/base/text/digest.h"
#include "core/pipeline/patient_search.h"
#include "core/search/session/result_list.h"
#include "core/search/strategies/strategy.h"

namespace lookalike {
namespace {

// Where nothing is chosen by what is known, photos may wait for the workers.
constexpr int kBacklogOfAll = 32;

ResultOptions result_options(const SearchCommandOptions& options) {
  return {.top = static_cast<size_t>(options.top),
          .min_score = options.min_score,
          .keep_duplicates = options.keep_duplicates,
          .max_per_owner = options.max_per_owner};
}

// When what a session counts came about, in milliseconds; noted whenever it has taken something in.
struct SearchTimes {
  void note(const SearchSession& now, int64_t elapsed) {
    asked.resize(now.queries_asked(), elapsed);
    scored.resize(static_cast<size_t>(now.counts().images_scored), elapsed);
  }
  std::vector<int64_t> asked;
  std::vector<int64_t> scored;
};

// `scored_ms`: when the first photo was scored, the second, ...
std::vector<TraceStep> trace_of(const std::vector<FoundPhoto>& photos, const std::vector<int64_t>& scored_ms) {
  std::vector<TraceStep> trace(photos.size());
  for (const FoundPhoto& found : photos) {
    const auto place = static_cast<size_t>(found.number - 1);
    trace[place] = {scored_ms[place], found.photo.id, found.score.log_score};
  }
  return trace;
}

// Of a mixed score's embeddings, those values that tell near-duplicates; they come first.
void keep_features(std::vector<FoundPhoto>& photos, size_t features) {
  for (FoundPhoto& found : photos)
    found.embedding.resize(std::min(found.embedding.size(), features));
}

constexpr std::chrono::seconds kLongestWaitForCalls{86'400};
constexpr std::chrono::seconds kLongestWaitForImages{60};

// A part of `all` for each, but something.
int share_of(int all, int among) {
  return std::max(1, (all + among - 1) / among);
}

// Results in hand always win; else what kept them away decides.
Searched judge(SearchReport report) {
  const SearchOutcome& outcome = report.outcome;
  const auto refused_by_quota = std::find_if(outcome.errors.begin(), outcome.errors.end(),
                                             [](const ErrorSummary& e) { return e.code == ErrorCode::quota; });
  Searched searched{
      .error = outcome.fatal, .sha256 = report.query.sha256, .quota_refused = refused_by_quota != outcome.errors.end()};
  if (outcome.stopped_by == StopReason::interrupted) {
    searched.exit = ExitCode::interrupted;
  } else if (!outcome.photos.empty()) {
    searched.exit = ExitCode::found;
  } else if (outcome.fatal && outcome.counts.calls_answered > 0 && outcome.fatal->cause != ErrorCause::other) {
    searched.exit = ExitCode::nothing_found;  // the source answered, but with no photo that could be had
  } else if (outcome.fatal) {
    searched.exit = exit_code_for(outcome.fatal->code);
  } else if (outcome.counts.calls_answered == 0 && searched.quota_refused) {
    searched.exit = ExitCode::quota_used_up;
    searched.error = Error{ErrorCode::quota, refused_by_quota->message};
  } else if (outcome.counts.calls_answered == 0 && outcome.stopped_by == StopReason::time_limit) {
    searched.exit = ExitCode::source_failed;
    searched.error =
        Error{ErrorCode::network, "no answer from " + report.run.provider +
                                      " within the time limit: give more --time-limit, or try again later"};
  } else if (outcome.counts.calls_answered == 0 && (outcome.counts.api_calls > 0 || !outcome.errors.empty())) {
    searched.exit = ExitCode::source_failed;
    if (!outcome.errors.empty()) searched.error = Error{outcome.errors.front().code, outcome.errors.front().message};
  } else {
    searched.exit = ExitCode::nothing_found;
  }
  searched.report = std::move(report);
  return searched;
}

}  // namespace

// An image, or why there is none.
struct ImageSearch::Read {
  Result<QueryImage> image;
  TimePoint begin;  // of the search, for its time limit: a download is a part of it, reading an input is not
  std::string sha256 = {};
};

namespace {

// When --time-limit ends what began then.
std::optional<ImageSearch::TimePoint> deadline_from(const SearchCommandOptions& options, ImageSearch::TimePoint begin) {
  if (!options.time_limit_seconds) return std::nullopt;
  return begin + std::chrono::duration_cast<ImageSearch::TimePoint::duration>(
                     std::chrono::duration<double>(*options.time_limit_seconds));
}

}  // namespace

InputPatience patience_from(const SearchCommandOptions& options, ImageSearch::TimePoint begin, std::stop_token stop) {
  InputPatience patience{.stop = std::move(stop), .deadline = deadline_from(options, begin)};
  if (patience.deadline) patience.read_by = *patience.deadline + request_time_limit(options.network);
  return patience;
}

ImageSearch::Read ImageSearch::read(const std::string& source, std::stop_token stop) const {
  const TimePoint asked = clock_.now();
  const auto bytes = load_query_bytes(source, setup_.http(), patience_from(options_, asked, std::move(stop)));
  const TimePoint begin = is_web_address(source) ? asked : clock_.now();
  if (!bytes.ok()) return {bytes.error(), begin};
  auto image = decode_query(source, *bytes, options_.crop, setup_.scoring().network().input_size);
  if (image.ok()) return {std::move(image), begin};
  return {image.error(), begin, sha256_hex(*bytes)};
}

Searched ImageSearch::run(const std::string& source, std::stop_token stop, const SearchEngine::Progress& progress) {
  Read query = read(source, stop);
  if (query.image.ok()) return search(*std::move(query.image), query.begin, stop, progress);
  const Error& error = query.image.error();
  return {.error = error, .exit = exit_code_for_query(error.code), .sha256 = std::move(query.sha256)};
}

Searched ImageSearch::run_without_image(std::stop_token stop, const SearchEngine::Progress& progress) {
  return search(std::nullopt, clock_.now(), stop, progress);
}

std::optional<ImageSearch::TimePoint> ImageSearch::search_deadline(TimePoint begin) const {
  if (const auto backstop = setup_.budgets().backstop) return begin + *backstop;
  return deadline_from(options_, begin);
}

std::shared_ptr<SearchPatience> ImageSearch::patience(std::optional<TimePoint> deadline,
                                                      std::chrono::seconds longest) const {
  return std::make_shared<SearchPatience>(SearchPatience::Settings{
      .mode = waiting_.mode, .deadline = deadline, .longest = longest, .notice = waiting_.notice});
}

// The user's own words are asked for while the network still loads and looks at the image.
Searched ImageSearch::search(std::optional<QueryImage> image, TimePoint begin, std::stop_token stop,
                             const SearchEngine::Progress& progress) {
  const auto deadline = search_deadline(begin);
  SearchSession session(search_options(image, stop), *setup_.plan().strategy);
  // One host of many is not worth more than a minute; a source is.
  const auto for_calls = patience(deadline, kLongestWaitForCalls);
  const auto for_images = patience(deadline, kLongestWaitForImages);
  PatientProvider provider(setup_.provider(), for_calls);
  PatientFeatureSource features(setup_.features(), for_images);
  SearchTimes times;
  const auto show = [&](const SearchSession& now) {
    times.note(now, milliseconds_since(begin));
    if (now.best() != nullptr) {
      for_calls->has_results();
      for_images->has_results();
    }
    if (progress) progress(now);
  };
  const std::string digest = image ? image->sha256 : "";
  SearchTarget target;  // written by the thread that describes the query; that has ended when the engine returns
  const auto describe = [&]() -> Result<SearchQuery> {
    auto found = image ? image_target(std::move(*image), feedback_, setup_) : score_target(setup_);
    if (!found.ok()) return found.error();
    target = std::move(*found);
    return target.query;
  };
  auto outcome = SearchEngine(provider, features, clock_).run(session, stop, deadline, show, describe);
  if (!outcome.ok()) {
    return {.error = outcome.error(), .exit = exit_code_for_query(outcome.error().code), .sha256 = digest};
  }
  auto trace = options_.explain ? trace_of(outcome->photos, times.scored) : std::vector<TraceStep>{};
  keep_features(outcome->photos, target.features);
  SearchReport report = make_report(std::move(target.report), *std::move(outcome), begin);
  report.trace = std::move(trace);
  if (options_.explain) report.asked_ms = std::move(times.asked);
  return judge(std::move(report));
}

int64_t ImageSearch::milliseconds_since(TimePoint begin) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begin).count();
}

SearchOptions ImageSearch::search_options(const std::optional<QueryImage>& image, const std::stop_token& stop) const {
  const SearchPlan& plan = setup_.plan();
  const auto query = image ? std::optional(FileIdentity{image->bytes, image->sha256}) : std::nullopt;
  std::vector<std::vector<std::string>> first_queries;
  for (const std::string& tag : options_.tags)
    first_queries.push_back({tag});
  std::function<bool(std::string_view)> ignores_tag;
  if (const auto cleaner = setup_.options().tag_cleaner)
    ignores_tag = [cleaner](std::string_view tag) { return cleaner->drops(tag); };
  const int parallel = share_of(options_.parallel, at_once_);
  const int backlog = std::min(share_of(setup_.scoring().backlog(), at_once_), parallel);
  return {.max_calls = plan.max_calls,
          .max_images = plan.max_images,
          .parallel = parallel,
          .backlog = plan.strategy->only_listed ? kBacklogOfAll : backlog,
          .max_attempts = options_.network.retries + 1,
          .seed = options_.seed,
          .first_queries = std::move(first_queries),
          .excluded_tags = options_.excluded_tags,
          .ignores_tag = std::move(ignores_tag),
          .now = clock_.wall_time(),
          .words = setup_.words(),
          // Scores of the user's own are no features.
          .embeddings_kept = compares_images(options_) ? embeddings_needed(result_options(options_)) : 0,
          .listed = listed_photos(plan, setup_.provider(), query, stop)};
}

SearchReport ImageSearch::make_report(QueryReport query, SearchOutcome outcome, TimePoint begin) const {
  outcome.photos = shown_results(std::move(outcome.photos), result_options(options_));
  return {.query = std::move(query),
          .run = {.provider = setup_.provider().name(),
                  .strategy = strategy_text(setup_.plan()),
                  .model = setup_.scoring().network().name,
                  .layer = setup_.scoring().describes_photos() ? setup_.scoring().network().feature_layer : "",
                  .similarity = compares_images(options_) ? options_.similarity : "",
                  .score = score_text(options_.scores),
                  .seed = options_.seed,
                  .elapsed_ms = milliseconds_since(begin),
                  .local_photos = setup_.plan().local_photos,
                  .mixed = are_mixed(options_.scores) ? options_.scores : std::vector<ScoreSpec>{}},
          .outcome = std::move(outcome)};
}

}  // namespace lookalike

// One search as a state machine: what to ask and what to look at next, given what came back so far.
// Nothing in here waits, sends, or reads a clock: the caller carries out the commands, many at once and in any order,
// and reports how each ended. Same options, same seed and same order of reports give the same result.
// Every draw holds its whole cost from the start, retries included, so no budget is ever exceeded.
// Threads: one.
// Tested by tests/core/search/search_session_test.cc
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "core/base/feature_source.h"
#include "core/base/photo.h"
#include "core/base/provider.h"
#include "core/base/random.h"
#include "core/base/word_vectors.h"
#include "core/search/log_mean.h"
#include "core/search/photo_planner.h"
#include "core/search/request_budget.h"
#include "core/search/scorer.h"
#include "core/search/strategy.h"
#include "core/search/tag_table.h"

namespace lookalike {

struct SearchOptions {
  int max_calls = 110;
  int max_images = 110;
  int parallel = 10;     // calls and images under way at once, together
  int max_attempts = 4;  // of one request
  uint64_t seed = 1;
  // Each entry holds alternatives for one first query: the next is tried when the one before brought nothing.
  std::vector<std::vector<std::string>> first_queries;
  std::vector<std::string> excluded_tags;
  // Tags and title words of photos that are not worth a search; first queries are never asked about. May be empty.
  std::function<bool(std::string_view)> ignores_tag;
  std::chrono::system_clock::time_point now;  // what upload dates are counted from
  const WordVectors* words = nullptr;         // borrowed; for strategies that compare words, null: there are none
};

struct AskCommand {
  int ticket;
  PhotoQuery query;
};

struct LookCommand {
  int ticket;
  const Photo* photo;  // lives as long as the session
  int max_requests;
};

using Command = std::variant<AskCommand, LookCommand>;

struct FoundPhoto {
  Photo photo;
  Score score;
  std::string found_by;  // the tag or text of the draw
};

struct TagSummary {
  std::string tag;
  double log_mean = 0;  // of the scores; meaningless when images is 0
  int images = 0;       // scored photos that have the tag or were drawn from it
  bool asked = false;
};

struct ErrorSummary {
  ErrorCode code;
  std::string message;  // the first of its kind
  int count = 0;
};

enum class StopReason { max_images, max_calls, rounds, exhausted, time_limit, interrupted, source_failed };
const char* to_string(StopReason reason);

struct SearchCounts {
  int api_calls = 0;          // requests sent, retries included
  int images_downloaded = 0;  // image requests sent, likewise
  int images_scored = 0;
  int images_failed = 0;
  int64_t bytes = 0;
  int cache_hits = 0;
  int calls_answered = 0;  // calls that brought an answer, be it empty
};

struct SearchOutcome {
  std::vector<FoundPhoto> photos;  // best first
  std::vector<TagSummary> tags;    // best mean first, then those never scored
  std::vector<ErrorSummary> errors;
  SearchCounts counts;
  StopReason stopped_by = StopReason::exhausted;
  std::optional<Error> fatal;  // what ended the search early, when something did
};

class SearchSession {
 public:
  // `scorer` is borrowed.
  SearchSession(SearchOptions options, const Strategy& strategy, const Scorer& scorer);
  ~SearchSession();

  // What to start now; empty when slots, budget or knowledge are lacking.
  std::vector<Command> next_commands();
  void on_photos(int ticket, PhotoAnswer answer);
  void on_features(int ticket, FeatureAnswer answer);

  // True when nothing is under way and nothing will be. REQUIRES: next_commands() was called after the last report.
  bool finished() const { return draws_.empty(); }
  const SearchCounts& counts() const { return counts_; }
  // The best so far, for a progress line; null when nothing has been scored.
  const FoundPhoto* best() const;
  // What is known now; `reason` overrides why it stopped (time limit, interruption).
  SearchOutcome outcome(std::optional<StopReason> reason = std::nullopt) const;

 private:
  using PhotoIndex = size_t;

  struct KnownPhoto {
    Photo photo;
    TagId listed_by = 0;  // the tag whose answer brought it first
    bool seen = false;    // looked at, successfully or not, or being looked at
  };

  // The photos that the service gave for a tag, in its order, and how far they are used.
  struct TagListing {
    std::vector<PhotoIndex> photos;
    size_t cursor = 0;
    int pages = 0;
    int failures = 0;
    bool asked = false;
    bool has_more = true;
    std::optional<std::chrono::system_clock::time_point> uploaded_before;
  };

  struct Draw {
    TagId tag = 0;
    std::optional<PhotoIndex> photo;  // once it is looked at
    int images_held = 0;
    int calls_held = 0;
  };

  void start_steps();
  void start_step(const PhotoPlanner::Step& step);
  void start_draws();
  void start_draw(TagId tag);
  void continue_draw(int ticket);
  std::optional<PhotoIndex> next_unseen(TagListing& listing, bool& repeated) const;
  void look(int ticket, PhotoIndex photo);
  void ask(int ticket);
  void end_draw(int ticket, const DrawResult& result);
  void end_draw(int ticket, DrawResult::Outcome outcome);
  void resume_waiting();
  std::vector<PhotoIndex> add_page(TagListing& listing, TagId asked, PhotoPage page);
  void tell_planner(int ticket, const std::vector<PhotoIndex>& photos, size_t known_before);
  void on_call_failed(TagListing& listing, const Error& error);
  void score_photo(int ticket, const Embedding& embedding);
  int insert_found(FoundPhoto found);
  std::vector<TagId> tags_of(const Photo& photo);
  std::vector<TagId> title_words_of(const Photo& photo, const std::vector<TagId>& tags);
  void add_first_query(std::vector<std::string> alternatives);
  void settle_call(const TransferCost& cost, int held);
  void count_error(const Error& error);
  bool may_draw() const;
  StopReason natural_end() const;

  SearchOptions options_;
  const Strategy& strategy_;
  const Scorer& scorer_;
  // One of the two, as the strategy has it: tags are drawn from, or photos are planned one by one.
  std::unique_ptr<TagSelector> selector_;
  std::unique_ptr<PhotoPlanner> planner_;
  Random random_;
  TagTable tags_;
  std::unordered_set<TagId> excluded_;
  std::unordered_map<TagId, std::vector<std::string>> alternatives_;
  std::unordered_map<TagId, TagListing> listings_;
  std::unordered_map<TagId, LogMean> means_;
  std::deque<KnownPhoto> photos_;
  std::unordered_map<std::string, PhotoIndex> photo_of_key_;
  std::vector<FoundPhoto> found_;        // best first
  std::unordered_map<int, Draw> draws_;  // under way, by ticket
  std::vector<Command> ready_;           // decided on, not yet handed out
  std::vector<int> waiting_for_call_;    // tickets of draws that need a call when none is left but some are held
  int next_ticket_ = 0;
  int calls_under_way_ = 0;
  RequestBudget calls_;
  RequestBudget images_;
  SearchCounts counts_;
  std::vector<ErrorSummary> errors_;
  std::optional<Error> fatal_;   // no more calls: those photos that are listed are still looked at
  bool network_broken_ = false;  // nor can photos be scored
  int failures_in_a_row_ = 0;    // of calls
  bool calls_ran_out_ = false;
};

}  // namespace lookalike

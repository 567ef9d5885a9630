// One search as a state machine: what to ask and what to look at next, given what came back so far.
// Nothing in here waits, sends, or reads a clock: the caller carries out the commands, many at once and in any order,
// and reports how each ended. Reports take effect in an order that the commands alone decide (report_order.h), so the
// same options, seed and answers give the same result, whatever came first and however many are sent at once.
// What is decided on is handed out as slots become free. A draw takes one of the `parallel` slots for its transfers,
// not for the scoring of what they brought: that goes on beside the next transfers, as long as the backlog of unscored
// photos is short.
// Every draw holds its whole cost from the start, its retries included, so no budget is ever exceeded.
// What the search is for may be told later than it begins (on_query); first queries that are known are asked by then.
// Threads: one.
// Tested by tests/core/search/session/search_session_test.cc
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
#include <utility>
#include <variant>
#include <vector>

#include "core/base/feature_source.h"
#include "core/base/photo.h"
#include "core/base/provider.h"
#include "core/base/random.h"
#include "core/base/word_vectors.h"
#include "core/search/bandits/tag_listing.h"
#include "core/search/scoring/scorer.h"
#include "core/search/session/known_photos.h"
#include "core/search/session/listed_looks.h"
#include "core/search/session/photo_words.h"
#include "core/search/session/report_order.h"
#include "core/search/session/request_budget.h"
#include "core/search/session/search_log.h"
#include "core/search/session/search_outcome.h"
#include "core/search/strategies/log_mean.h"
#include "core/search/strategies/planner.h"
#include "core/search/strategies/strategy.h"
#include "core/search/strategies/tag_table.h"

namespace lookalike {

struct SearchOptions {
  int max_calls = 110;
  int max_images = 110;
  int parallel = 10;  // calls and images under way at once, together
  // With so many photos here and unscored, no further one is fetched. Photos on this disk are here at once. At least 1.
  int backlog = 4;
  int max_attempts = 4;  // of one request
  uint64_t seed = 1;
  // Each entry holds alternatives for one first query: the next is tried when the one before brought nothing.
  std::vector<std::vector<std::string>> first_queries;
  std::vector<std::string> excluded_tags;
  // Tags and title words of photos that are not worth a search; first queries are never asked about. May be empty.
  std::function<bool(std::string_view)> ignores_tag;
  std::chrono::system_clock::time_point now;  // what upload dates are counted from
  const WordVectors* words = nullptr;         // borrowed; those that Strategy::words names, null: there are none
  size_t embeddings_kept = 0;                 // of so many of the best photos, in FoundPhoto
  ListedPhotos listed = {};                   // looked at beside what the strategy chooses
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

class SearchSession {
 public:
  // Begins before it is known what for: the first queries in the options are asked, the rest waits for on_query().
  // A strategy that goes by rounds waits with all.
  SearchSession(SearchOptions options, const Strategy& strategy);
  // `scorer` is borrowed.
  SearchSession(SearchOptions options, const Strategy& strategy, const Scorer& scorer);
  ~SearchSession();

  // What photos are scored by, borrowed, and further first queries. REQUIRES: called once
  void on_query(const Scorer& scorer, const std::vector<std::vector<std::string>>& first_queries);
  // What to start now; empty when slots, budget or knowledge are lacking.
  std::vector<Command> next_commands();
  // The ticket of a report that holds the search up while later ones of its kind are here; after a while it is better
  // to go on without it.
  std::optional<int> held_up_by() const { return order_.overtaken(); }
  // REQUIRES: held_up_by()
  void let_go() { order_.let_go(); }
  void on_photos(int ticket, PhotoAnswer answer);
  // The transfer of a look is over, and its features will follow. May be left out.
  void on_transferred(int ticket, const TransferCost& cost);
  void on_features(int ticket, FeatureAnswer answer);

  // True when nothing is under way and nothing will be. REQUIRES: next_commands() was called after the last report.
  bool finished() const { return draws_.empty() && scorer_ != nullptr; }
  const SearchCounts& counts() const { return counts_; }
  size_t queries_asked() const { return log_.queries().size(); }
  // The best so far, for a progress line; null when nothing has been scored.
  const FoundPhoto* best() const;
  // Takes in every report that is here, be it its turn or not: the search ends before its time.
  void take_in_all();
  // What is known now; `reason` overrides why it stopped (time limit, interruption).
  SearchOutcome outcome(std::optional<StopReason> reason = std::nullopt) const;

 private:
  StrategySetup setup() const;
  struct Draw {
    TagId tag = 0;
    std::optional<PhotoNumber> photo;  // once it is looked at
    size_t query = 0;                  // that is asked, or that brought the photo: its place in the log
    int images_held = 0;
    int calls_held = 0;
    enum class Stage { decided, transferring, in_backlog, here } stage = Stage::decided;
    bool cost_known = false;  // of the look
    bool listed = false;      // the strategy knows nothing of it
  };

  void add_listed();
  bool begin_listed(std::optional<PhotoNumber> photo);
  std::optional<PhotoNumber> next_of_rest();
  void decide();
  bool hand_out();
  void give_up(int ticket);
  bool begin_next();
  bool begin_step();
  void carry_out(const Planner::Step& step);
  bool begin_draw();
  void begin(int ticket, RequestKind kind, Command command);
  void move_to(Draw& draw, Draw::Stage stage);
  void arrive(int ticket, RequestReport report);
  void take_in(int ticket, RequestReport report);
  void take_in_photos(int ticket, PhotoAnswer answer);
  void take_in_features(int ticket, const FeatureAnswer& answer);
  void continue_draw(int ticket);
  void look(int ticket, PhotoNumber photo);
  void ask(int ticket);
  void end_draw(int ticket, const DrawResult& result);
  void end_draw(int ticket, DrawResult::Outcome outcome);
  void resume_waiting();
  std::vector<PhotoNumber> add_page(const Draw& draw, PhotoPage page);
  AskedQuery described_query(TagId tag, int page) const;
  void tell_planner(int ticket, std::vector<PhotoNumber> photos, size_t known_before);
  void on_call_failed(const Error& error);
  void on_look_unsent(const Error& error);
  void score_photo(int ticket, const Embedding& embedding);
  int insert_found(FoundPhoto found);
  void add_first_query(std::vector<std::string> alternatives);
  void count_look(Draw& draw, const TransferCost& cost);
  void count_call(const PhotoAnswer& answer);
  int attempts_for(const RequestBudget& budget, int least) const;
  bool has_slot() const;
  bool may_begin() const;
  StopReason natural_end() const;

  SearchOptions options_;
  const Strategy& strategy_;
  const Scorer* scorer_ = nullptr;  // null: it is not known yet what is searched for
  // One of the two, as the strategy has it: tags are drawn from, or photos are planned one by one.
  std::unique_ptr<TagSelector> selector_;
  std::unique_ptr<Planner> planner_;
  WordFilter word_filter_;
  Random random_;
  TagTable tags_;
  std::unordered_map<TagId, std::vector<std::string>> alternatives_;  // of each first query
  std::unordered_set<TagId> general_words_;
  std::unordered_map<TagId, TagListing> listings_;
  std::unordered_map<TagId, LogMean> means_;
  KnownPhotos photos_;
  SearchLog log_;
  // Their numbers come first; a planner counts from the photo after them.
  std::optional<ListedLooks> listed_;
  int listed_under_way_ = 0;
  // What else is listed, once the strategy is through; it is not asked any more then.
  std::optional<std::vector<PhotoNumber>> rest_;
  size_t rest_begun_ = 0;
  std::vector<FoundPhoto> found_;        // best first
  std::unordered_map<int, Draw> draws_;  // under way, by ticket
  ReportOrder order_;
  std::deque<Command> decided_;        // not yet handed out
  std::vector<Command> ready_;         // handed out now
  std::vector<int> waiting_for_call_;  // tickets of draws that need a call when none is left but some are held
  int transferring_ = 0;               // of the draws under way
  int in_backlog_ = 0;                 // likewise
  int first_queries_known_ = 0;
  int next_ticket_ = 0;
  int calls_under_way_ = 0;
  RequestBudget calls_;
  RequestBudget images_;
  SearchCounts counts_;
  std::vector<ErrorSummary> errors_;
  std::vector<SourceSummary> sources_;
  std::optional<Error> fatal_;   // no more calls: those photos that are listed are still looked at
  bool network_broken_ = false;  // nor can photos be scored
  int failures_in_a_row_ = 0;    // of calls
  int unsent_in_a_row_ = 0;      // looks
  bool calls_ran_out_ = false;
  bool nothing_to_begin_ = false;  // until something is taken in; asked twice, a strategy may draw lots twice
};

}  // namespace lookalike

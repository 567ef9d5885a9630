// One search as a state machine: it says what to ask the service for and which photo to look at next, and is told what
// came back. Nothing in here waits, sends, or reads a clock. The caller (search_engine.h) carries the commands out,
// many at once and in any order, and reports how each ended.
//
// Who decides what:
//   the strategy (strategies/planner.h)  names the next tag to ask for or photo to look at
//   this class                           holds the budgets, numbers photos and tags, scores, and keeps the results
//   ReportOrder                          says when a report takes effect, so that the order of arrival changes nothing
//   ListedLooks                          says when photos of this disk have their turn that no query brought
//   SourceHealth                         says when the source is given up
//
// The life of one command. A search for a dog may use 40 calls and 500 images; two slots are free.
//   1. next_commands() asks the strategy, which names the tag "dog". The session holds two calls of the budget for it
//   (a
//      call may need a second request), writes the query into the log, and gives it ticket 0. The slot is taken:
//      AskCommand{0, "dog"}.
//   2. The strategy has nothing else to do, so the second slot stays free.
//   3. on_photos(0, answer): one request was sent, so one held call comes back. When it is the answer's turn, the
//   photos
//      get numbers, their tags too, and the strategy is told. It names photo 7: LookCommand{1, photo 7}.
//   4. on_transferred(1): the picture is here. Its slot is free; it waits in the backlog to be scored.
//   5. on_features(1, embedding): the scorer makes a score of it, the results and the means of its tags are updated,
//      and the strategy learns the score.
// Each command holds its whole cost from the start, retries included. So no budget is ever exceeded.
//
// What the search is for may become known later than it begins (on_query): the words of --tag are asked for while the
// network still looks at the query image.
// Threads: one; the engine's. The same options, seed and answers give the same result.
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
#include <utility>
#include <variant>
#include <vector>

#include "core/base/feature_source.h"
#include "core/base/photo.h"
#include "core/base/provider.h"
#include "core/base/word_vectors.h"
#include "core/search/scoring/scorer.h"
#include "core/search/session/found_photos.h"
#include "core/search/session/known_photos.h"
#include "core/search/session/listed_looks.h"
#include "core/search/session/photo_words.h"
#include "core/search/session/report_order.h"
#include "core/search/session/request_budget.h"
#include "core/search/session/search_log.h"
#include "core/search/session/search_outcome.h"
#include "core/search/session/source_health.h"
#include "core/search/session/tag_queries.h"
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

// What a search is for.
struct SearchQuery {
  std::shared_ptr<const Scorer> scorer;                 // of photos, against the query
  std::vector<std::vector<std::string>> first_queries;  // as in SearchOptions; asked after those
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
  // A strategy that waits for the query (Strategy::waits_for_query) waits with all.
  SearchSession(SearchOptions options, const Strategy& strategy);
  // `scorer` is borrowed.
  SearchSession(SearchOptions options, const Strategy& strategy, const Scorer& scorer);
  ~SearchSession();

  // REQUIRES: called once
  void on_query(SearchQuery query);
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
  bool finished() const { return under_way_.empty() && query_.scorer != nullptr; }
  const SearchCounts& counts() const { return counts_; }
  size_t queries_asked() const { return log_.queries().size(); }
  // The best so far, for a progress line; null when nothing has been scored.
  const FoundPhoto* best() const { return found_.best(); }
  // Takes in every report that is here, be it its turn or not: the search ends before its time.
  void take_in_all();
  // What is known now; `reason` overrides why it stopped (time limit, interruption).
  SearchOutcome outcome(std::optional<StopReason> reason = std::nullopt) const;

 private:
  // A command from the decision on it until its report takes effect.
  struct UnderWay {
    enum class Stage { decided, transferring, in_backlog, here };

    TagId tag = 0;
    std::optional<PhotoNumber> photo;  // of a look
    size_t query = 0;                  // that is asked, or that brought the photo: its place in the log
    int images_held = 0;
    int calls_held = 0;
    Stage stage = Stage::decided;
    bool cost_known = false;  // of the look
    bool listed = false;      // the strategy knows nothing of it
  };

  void add_listed();
  void add_first_query(TagQueries::Words alternatives);
  // Deciding.
  void decide();
  bool may_begin() const;
  bool begin_next();
  bool begin_listed(std::optional<PhotoNumber> photo);
  std::optional<PhotoNumber> next_of_rest();
  Planner::Room room() const;
  void carry_out(const Planner::Step& step);
  void ask(TagId tag);
  void look(PhotoNumber photo, UnderWay command);
  int attempts_for(const RequestBudget& budget, int least) const;
  int image_attempts() const;
  AskedQuery described_query(TagId tag, int page) const;
  // Handing out.
  bool hand_out();
  bool has_slot() const;
  void give_up(int ticket);
  int begin(RequestKind kind, UnderWay command);
  void move_to(UnderWay& command, UnderWay::Stage stage);
  // Reports.
  void arrive(int ticket, RequestReport report);
  void take_in(int ticket, RequestReport report);
  void take_in_page(const UnderWay& command, PhotoPage page);
  void take_in_photos(const UnderWay& command, PhotoAnswer answer);
  void take_in_features(const UnderWay& command, const FeatureAnswer& answer);
  UnderWay end(int ticket);
  void tell_page(TagId asked, std::vector<PhotoNumber> photos, size_t known_before, bool has_more);
  void tell_unscored(const UnderWay& look);
  void score_photo(const UnderWay& look, const Embedding& embedding);
  void count_call(const PhotoAnswer& answer);
  void count_look(UnderWay& look, const TransferCost& cost);
  StopReason natural_end() const;
  std::vector<TagSummary> tag_summaries() const;

  SearchOptions options_;
  const Strategy& strategy_;
  SearchQuery query_;  // without a scorer: it is not known yet
  TagTable tags_;
  std::unique_ptr<Planner> planner_;
  WordFilter word_filter_;
  TagQueries queries_;
  KnownPhotos photos_;
  SearchLog log_;
  std::unordered_map<TagId, LogMean> means_;
  FoundPhotos found_;
  // Their numbers come first; the strategy counts from the photo after them.
  std::optional<ListedLooks> listed_;
  // What else is listed, once the strategy is through; it is not asked any more then.
  std::optional<std::vector<PhotoNumber>> rest_;
  size_t rest_begun_ = 0;
  std::unordered_map<int, UnderWay> under_way_;  // by ticket
  int next_ticket_ = 0;
  int asks_begun_ = 0;
  int calls_under_way_ = 0;
  int listed_under_way_ = 0;
  int transferring_ = 0;
  int in_backlog_ = 0;
  ReportOrder order_;
  std::deque<Command> decided_;  // not yet handed out
  std::vector<Command> ready_;   // handed out now
  RequestBudget calls_;
  RequestBudget images_;
  SourceHealth health_;
  SearchCounts counts_;
  std::vector<ErrorSummary> errors_;
  std::vector<SourceSummary> sources_;
  bool nothing_to_begin_ = false;  // until something is taken in; asked twice, a strategy may draw lots twice
};

}  // namespace lookalike

// When the reports of requests take effect, so that a search does not depend on which of them came first.
//
// Answers come back in any order. If each changed the next choice as it came, the same command would find other photos
// each time. So a search is decided on as if it ran on an ideal machine: twenty requests are under way at once, a look
// takes 1 and a call 4, as calls take about four times as long. Reports take effect in the order in which their
// requests would be over there. While twenty are under way a choice waits for the next of them, be others here or not.
// Twice as many as are usually sent at once: so the next report is mostly here when it is its turn.
//
// An example, with three requests under way at once. At 0 a search asks for "dog" and "wolf" (both over at 4) and looks
// at a photo, a (over at 1). That makes three, so the next choice waits for a, be "wolf" here or not; it is 1 now. It
// looks at b (over at 2) and waits for it. Now it can choose nothing else. So the time moves on to 4 and "dog" takes
// effect, then "wolf": of those that are over at the same time the one that was requested first goes first.
//
// A request that takes far longer than others must not hold a search up for ever: the caller may let it go
// (let_go), and its report then takes effect when it comes. Such a search need not repeat.
// Cost: O(log n) each, n being under way.
// Threads: one; the engine's.
// Tested by tests/core/search/session/report_order_test.cc
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "core/base/feature_source.h"
#include "core/base/provider.h"

namespace lookalike {

enum class RequestKind { call, look };

using RequestReport = std::variant<PhotoAnswer, FeatureAnswer>;

class ReportOrder {
 public:
  // So many under way at once cost 1 to 4% of a search's time at log-normal delays of sigma 0.4 and ten requests sent
  // at once, and no recall that can be measured (docs/evaluation.md).
  static constexpr size_t kUnderWay = 20;

  explicit ReportOrder(size_t under_way = kUnderWay) : under_way_(under_way) {}

  // A request is decided on now. One ticket may make several, one after the other.
  void begin(int ticket, RequestKind kind);
  // Its report is here. Returns it when it was let go of: then it takes effect at once.
  std::optional<RequestReport> arrive(int ticket, RequestReport report);

  // A ticket and what came for it.
  using Turn = std::pair<int, RequestReport>;
  // It will not be carried out. REQUIRES: its report is not here
  void withdraw(int ticket);

  // The report whose turn it is, if it is here; the time moves on to it.
  std::optional<Turn> take_next();
  // Any that is here, in order of their turns: for the end of a search.
  std::optional<Turn> take_arrived();

  // Whether as many are under way as may be: the next choice waits for the next report.
  bool is_full() const { return waiting_.size() >= under_way_; }
  // What kind of request has the next turn; nothing when none is under way.
  std::optional<RequestKind> next_kind() const;
  bool next_is_here() const { return !waiting_.empty() && waiting_.begin()->second.report.has_value(); }
  // The ticket whose turn is next, if its report is not here while a later one's of its kind is.
  std::optional<int> overtaken() const;
  // The next turn's request waits for nobody any more. REQUIRES: one is under way whose report is not here
  void let_go();
  // How many were let go of.
  int let_go_of() const { return let_go_of_; }

 private:
  struct Place {
    int64_t over;
    int64_t begun;  // requests before this one
    auto operator<=>(const Place&) const = default;
  };
  struct Waiting {
    int ticket;
    RequestKind kind;
    std::optional<RequestReport> report = std::nullopt;
  };

  Turn take(std::map<Place, Waiting>::iterator entry);

  size_t under_way_;
  int64_t now_ = 0;
  int64_t begun_ = 0;
  int let_go_of_ = 0;
  std::map<Place, Waiting> waiting_;         // in the order of their turns
  std::unordered_map<int, Place> place_of_;  // by ticket; not those that were let go of
};

}  // namespace lookalike

#include "core/search/session/report_order.h"

#include <algorithm>
#include <cassert>

namespace lookalike {
namespace {

constexpr int kLookTime = 1;
constexpr int kCallTime = 4;

}  // namespace

void ReportOrder::begin(int ticket, RequestKind kind) {
  assert(!place_of_.contains(ticket));
  const Place place{now_ + (kind == RequestKind::call ? kCallTime : kLookTime), begun_++};
  waiting_.emplace(place, Waiting{ticket, kind});
  place_of_.emplace(ticket, place);
}

std::optional<RequestReport> ReportOrder::arrive(int ticket, RequestReport report) {
  const auto place = place_of_.find(ticket);
  if (place == place_of_.end()) return report;
  waiting_.at(place->second).report = std::move(report);
  return std::nullopt;
}

void ReportOrder::withdraw(int ticket) {
  const auto place = place_of_.find(ticket);
  if (place == place_of_.end()) return;
  waiting_.erase(place->second);
  place_of_.erase(place);
}

ReportOrder::Turn ReportOrder::take(std::map<Place, Waiting>::iterator entry) {
  Turn turn{entry->second.ticket, *std::move(entry->second.report)};
  place_of_.erase(turn.first);
  waiting_.erase(entry);
  return turn;
}

std::optional<ReportOrder::Turn> ReportOrder::take_next() {
  if (!next_is_here()) return std::nullopt;
  now_ = std::max(now_, waiting_.begin()->first.over);
  return take(waiting_.begin());
}

std::optional<ReportOrder::Turn> ReportOrder::take_arrived() {
  const auto here =
      std::find_if(waiting_.begin(), waiting_.end(), [](const auto& entry) { return entry.second.report.has_value(); });
  if (here == waiting_.end()) return std::nullopt;
  return take(here);
}

std::optional<RequestKind> ReportOrder::next_kind() const {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.begin()->second.kind;
}

std::optional<int> ReportOrder::overtaken() const {
  if (waiting_.empty() || next_is_here()) return std::nullopt;
  const Waiting& next = waiting_.begin()->second;
  const bool overtaken = std::any_of(waiting_.begin(), waiting_.end(), [&next](const auto& entry) {
    return entry.second.kind == next.kind && entry.second.report.has_value();
  });
  return overtaken ? std::optional(next.ticket) : std::nullopt;
}

void ReportOrder::let_go() {
  assert(!waiting_.empty() && !next_is_here());
  place_of_.erase(waiting_.begin()->second.ticket);
  waiting_.erase(waiting_.begin());
  ++let_go_of_;
}

}  // namespace lookalike

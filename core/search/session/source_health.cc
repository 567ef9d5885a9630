#include "core/search/session/source_health.h"

namespace lookalike {
namespace {

// A source that answers nothing this often in a row is given up.
constexpr int kFailuresPerSource = 10;
constexpr int kQuotaRefusals = 3;
// So many looks in a row that never reached their host end the search. They cost nothing, so no budget would.
constexpr int kUnsentLooks = 10;

}  // namespace

void SourceHealth::on_call(const PhotoAnswer& answer) {
  if (answer.page.ok()) {
    answered_ = true;
    failures_in_a_row_ = 0;
  } else if (answer.page.error().code != ErrorCode::usage) {  // else the query is at fault
    on_call_failed(answer.page.error());
  }
}

void SourceHealth::on_call_failed(const Error& error) {
  ++failures_in_a_row_;
  const bool refused =
      error.code == ErrorCode::auth || (error.code == ErrorCode::quota && failures_in_a_row_ >= kQuotaRefusals);
  // Further calls would fare alike: they would have to wait as well, or there is no way to a source that never
  // answered.
  const bool must_wait = error.cause == ErrorCause::rate;
  const bool unreachable = error.cause == ErrorCause::unreachable && !answered_;
  const bool fails = failures_in_a_row_ >= kFailuresPerSource;
  if (!fatal_ && (refused || must_wait || unreachable || fails)) fatal_ = error;
}

void SourceHealth::on_look(const FeatureAnswer& answer) {
  if (answer.cost.requests > 0 || answer.cost.cached) unsent_looks_in_a_row_ = 0;
  if (!answer.embedding.ok()) on_look_failed(answer.embedding.error());
}

void SourceHealth::on_look_failed(const Error& error) {
  if (error.code == ErrorCode::model) {
    fatal_ = error;
    cannot_look_ = true;
  } else if (error.cause != ErrorCause::other && ++unsent_looks_in_a_row_ >= kUnsentLooks) {
    if (!fatal_) fatal_ = error;
    cannot_look_ = true;
  }
}

}  // namespace lookalike

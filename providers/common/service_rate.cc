#include "providers/common/service_rate.h"

#include <algorithm>
#include <vector>

#include "core/base/patience.h"
#include "core/base/text/numbers.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kLimit = "x-ratelimit-limit";
constexpr std::string_view kAvailable = "x-ratelimit-available";
constexpr std::string_view kRemaining = "x-ratelimit-remaining";
constexpr std::string_view kReset = "x-ratelimit-reset";
constexpr const char* kAssumed = " assumed";  // the scopes of Settings::first_limits: no header has such names
constexpr size_t kMostScopes = 8;
constexpr size_t kMostRemembered = 10'000;
constexpr seconds kLongestWait{600};
constexpr int kMostCalls = 1'000'000'000;

std::optional<int> number_in(std::string_view text) {
  const auto number = parse_number<int>(text);
  return number && *number >= 0 && *number <= kMostCalls ? number : std::nullopt;
}

std::optional<int> number_of(const std::map<std::string, std::string>& headers, const std::string& name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::nullopt : number_in(found->second);
}

}  // namespace

std::optional<ServiceLimit> parse_service_limit(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 >= text.size()) return std::nullopt;
  const auto calls = number_in(text.substr(0, slash));
  if (!calls || *calls < 1) return std::nullopt;
  switch (text[slash + 1]) {
    case 's': return ServiceLimit{*calls, seconds(1)};
    case 'm': return ServiceLimit{*calls, seconds(60)};
    case 'h': return ServiceLimit{*calls, seconds(3'600)};
    case 'd': return ServiceLimit{*calls, seconds(86'400)};
    default: return std::nullopt;
  }
}

Admission ServiceRate::admit() {
  const std::lock_guard lock(mutex_);
  const TimePoint now = settings_.now();
  if (scopes_.empty()) assume_first_limits();
  for (const auto& [name, scope] : scopes_) {
    if (const auto until = free_at(scope, now)) return held_back(scope, *until, now);
  }
  Admission admission;
  if (settings_.next != nullptr) admission = settings_.next->admit();
  if (admission.refusal || admission.wait.count() > 0) return admission;
  sent_.push_back(now);
  if (sent_.size() > kMostRemembered) sent_.pop_front();
  admission.take_back = [this, now, next = std::move(admission.take_back)] {
    take_back(now);
    if (next) next();
  };
  return admission;
}

void ServiceRate::assume_first_limits() {
  for (const ServiceLimit& limit : settings_.first_limits)
    scopes_[kAssumed + std::to_string(scopes_.size())] = Scope{.limit = limit};
}

void ServiceRate::take_back(TimePoint sent) {
  const std::lock_guard lock(mutex_);
  const auto call = std::find(sent_.begin(), sent_.end(), sent);
  if (call != sent_.end()) sent_.erase(call);
}

int ServiceRate::own_calls_since(TimePoint since) const {
  return static_cast<int>(sent_.end() - std::upper_bound(sent_.begin(), sent_.end(), since));
}

// Of the calls of others nothing is known but that they are no younger than the answer that told of them.
std::optional<ServiceRate::TimePoint> ServiceRate::free_at(const Scope& scope, TimePoint now) const {
  if (scope.renewed && now < *scope.renewed) {
    // What was sent at that very moment may have been too late to be counted.
    const int sent = own_calls_since(scope.noted - TimePoint::duration(1));
    return sent < scope.left ? std::nullopt : scope.renewed;
  }
  const int own = own_calls_since(now - scope.limit.period);
  const int others = scope.others_until > now ? scope.others : 0;
  if (own + others < scope.limit.calls) return std::nullopt;
  if (own == 0) return scope.others_until;
  const TimePoint own_free = sent_[sent_.size() - static_cast<size_t>(own)] + scope.limit.period;
  return others > 0 ? std::min(own_free, scope.others_until) : own_free;
}

Admission ServiceRate::held_back(const Scope& scope, TimePoint until, TimePoint now) const {
  const auto wait = std::max(milliseconds(1), std::chrono::ceil<milliseconds>(until - now));
  const std::string used_up = settings_.service + " allows " + std::to_string(scope.limit.calls) + " calls in " +
                              duration_text(scope.limit.period) + ", and they are used up";
  if (wait > kLongestWait) return {.refusal = not_waited_for(now, {until, used_up, settings_.advice})};
  return {.wait = wait, .reason = used_up, .advice = settings_.advice};
}

void ServiceRate::note(const std::map<std::string, std::string>& headers) {
  const std::lock_guard lock(mutex_);
  const std::string limit_prefix = std::string(kLimit) + "-";
  for (auto it = headers.lower_bound(limit_prefix); it != headers.end() && it->first.starts_with(limit_prefix); ++it) {
    const std::string scope = it->first.substr(limit_prefix.size());
    const auto limit = parse_service_limit(it->second);
    const auto available = number_of(headers, std::string(kAvailable) + "-" + scope);
    if (limit && available) keep(scope, noted_scope(*limit, *available));
  }
  const auto limit = number_of(headers, std::string(kLimit));
  const auto remaining = number_of(headers, std::string(kRemaining));
  const auto reset = number_of(headers, std::string(kReset));
  if (limit && *limit > 0 && remaining && reset) {
    Scope scope{.limit = {*limit, seconds(60)}};
    scope.noted = settings_.now();
    scope.renewed = scope.noted + seconds(std::clamp(*reset, 1, 86'400));
    scope.left = *remaining;
    keep("", scope);
  }
}

ServiceRate::Scope ServiceRate::noted_scope(const ServiceLimit& limit, int available) const {
  Scope scope{.limit = limit};
  scope.noted = settings_.now();
  const int used = std::max(0, limit.calls - available);
  scope.others = std::max(0, used - own_calls_since(scope.noted - limit.period));
  scope.others_until = scope.noted + limit.period;
  return scope;
}

void ServiceRate::keep(const std::string& name, Scope scope) {
  std::erase_if(scopes_, [](const auto& scope) { return scope.first.starts_with(kAssumed); });
  if (scopes_.size() < kMostScopes || scopes_.contains(name)) scopes_[name] = scope;
}

}  // namespace lookalike

#include "cli/batch/batch_plan.h"

#include <algorithm>
#include <chrono>

#include "core/base/text/numbers.h"

namespace lookalike {
namespace {

int64_t images_left(const BatchPlan& plan) {
  return plan.images - plan.done_before;
}

int64_t calls_at_most(const BatchPlan& plan) {
  const int64_t calls = images_left(plan) * plan.max_calls;
  return plan.total_calls ? std::min(calls, *plan.total_calls) : calls;
}

}  // namespace

std::chrono::milliseconds shortest_time(const BatchPlan& plan) {
  const int64_t now = std::max(0, plan.calls_per_hour - plan.calls_used);
  const int64_t later = calls_at_most(plan) - now;
  if (plan.calls_per_hour == 0 || later <= 0) return std::chrono::milliseconds(0);
  return std::chrono::hours((later + plan.calls_per_hour - 1) / plan.calls_per_hour);
}

std::string plan_text(const BatchPlan& plan) {
  std::string text = "images  " + std::to_string(images_left(plan));
  if (plan.done_before > 0) text += " (" + std::to_string(plan.done_before) + " more are done)";
  text += "\n";
  if (!plan.skipped.empty()) text += "skipped " + plan.skipped + "\n";
  if (plan.elsewhere > 0) text += "other shards  " + std::to_string(plan.elsewhere) + "\n";
  text += "calls   at most " + std::to_string(calls_at_most(plan)) + ": " + std::to_string(plan.max_calls) +
          " an image" + (plan.total_calls ? ", " + std::to_string(*plan.total_calls) + " in all" : "") + "\n";
  if (plan.calls_per_hour == 0) return text + "budget  no hourly limit\n";
  text += "budget  " + std::to_string(plan.calls_per_hour) + " calls an hour, " +
          std::to_string(std::max(0, plan.calls_per_hour - plan.calls_used)) + " left now\n";
  const auto time = shortest_time(plan);
  return text + "time    " +
         (time.count() == 0 ? std::string("within the calls that are left now")
                            : "about " + duration_text(time) + " until the budget has allowed all of them") +
         "\n";
}

}  // namespace lookalike

#include "core/pipeline/call_allowance.h"

#include <algorithm>
#include <utility>

namespace lookalike {
namespace {

Error used_up() {
  return {ErrorCode::quota, "the calls of this run are used up: give more --total-calls, or go on with --resume"};
}

}  // namespace

int64_t CallAllowance::left() const {
  const std::lock_guard lock(mutex_);
  return left_;
}

void CallAllowance::hold(int wanted, std::function<void(int held)> go) {
  int held = 0;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    held = static_cast<int>(std::min<int64_t>(wanted, left_));
    if (held == 0 && under_way_ > 0) return waiting_.push_back({wanted, std::move(go)});
    left_ -= held;
    under_way_ += held > 0 ? 1 : 0;
  }
  go(held);
}

void CallAllowance::settle(int held, int used) {
  std::deque<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    left_ += held - used;
    --under_way_;
    waiting = std::exchange(waiting_, {});
  }
  for (Waiting& next : waiting)
    hold(next.wanted, std::move(next.go));
}

void CallAllowance::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  waiting_.clear();
}

void AllowedProvider::search(const PhotoQuery& query, Done done) {
  allowance_->hold(query.max_requests, [this, query, done = std::move(done)](int held) {
    if (held == 0) return done({used_up(), {}});
    PhotoQuery allowed = query;
    allowed.max_requests = held;
    inner_->search(allowed, [allowance = allowance_, held, done](PhotoAnswer answer) {
      const int used = std::min(held, answer.cost.requests);
      done(std::move(answer));
      allowance->settle(held, used);
    });
  });
}

}  // namespace lookalike

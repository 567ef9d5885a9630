#include "core/pipeline/call_allowance.h"

#include <algorithm>
#include <utility>

namespace lookalike {
namespace {

Error used_up() {
  return {ErrorCode::quota, "the calls of this run are used up: give more --total-calls, or go on with --resume"};
}

}  // namespace

CallAllowance::~CallAllowance() {
  const std::lock_guard lock(mutex_);
  closing_ = true;
}

int64_t CallAllowance::left() const {
  const std::lock_guard lock(mutex_);
  return left_;
}

void CallAllowance::search(const PhotoQuery& query, Done done) {
  int held = 0;
  {
    const std::lock_guard lock(mutex_);
    held = static_cast<int>(std::min<int64_t>(query.max_requests, left_));
    if (held == 0 && under_way_ > 0) {
      waiting_.push_back({query, std::move(done)});
      return;
    }
    if (held > 0) {
      left_ -= held;
      ++under_way_;
    }
  }
  if (held == 0) return done({used_up(), {}});
  ask(query, held, std::move(done));
}

void CallAllowance::ask(PhotoQuery query, int held, Done done) {
  query.max_requests = held;
  inner_->search(query, [this, held, done = std::move(done)](PhotoAnswer answer) {
    const int used = std::min(held, answer.cost.requests);
    done(std::move(answer));
    settle(held, used);
  });
}

void CallAllowance::settle(int held, int used) {
  std::deque<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    left_ += held - used;
    --under_way_;
    if (!closing_) waiting = std::exchange(waiting_, {});
  }
  for (Waiting& next : waiting)
    search(next.query, std::move(next.done));
}

}  // namespace lookalike

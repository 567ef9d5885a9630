// A queue between threads: many push, one pops, with a deadline.
// Threads: any for push, one for pop.
// Tested by tests/core/base/mailbox_test.cc
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace lookalike {

template <typename T>
class Mailbox {
 public:
  void push(T item) {
    {
      const std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    changed_.notify_one();
  }

  // The oldest item; nothing when the deadline passed or stop was requested before one came.
  std::optional<T> pop(std::stop_token stop, std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, stop, deadline, [this] { return !items_.empty(); })) return std::nullopt;
    return take();
  }

  std::optional<T> try_pop() {
    const std::lock_guard lock(mutex_);
    if (items_.empty()) return std::nullopt;
    return take();
  }

 private:
  std::optional<T> take() {
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<T> items_;
};

}  // namespace lookalike

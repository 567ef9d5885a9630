// Lets a provider go away safely while its answers are still on their way from a borrowed HttpClient.
// Threads: any; close() waits for the callbacks that are inside.
// Tested by tests/providers/common/callback_gate_test.cc
#pragma once

#include <condition_variable>
#include <mutex>

namespace lookalike {

class CallbackGate {
 public:
  // One callback inside the gate; false when the gate was closed before it came.
  class Pass {
   public:
    explicit Pass(CallbackGate& gate) : gate_(gate.enter() ? &gate : nullptr) {}
    ~Pass() {
      if (gate_ != nullptr) gate_->leave();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    explicit operator bool() const { return gate_ != nullptr; }

   private:
    CallbackGate* gate_;
  };

  // Lets nobody in any more and returns when the last one inside has left. REQUIRES: not called from inside.
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    emptied_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  bool enter() {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    ++inside_;
    return true;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    if (--inside_ == 0) emptied_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable emptied_;
  int inside_ = 0;
  bool closed_ = false;
};

}  // namespace lookalike

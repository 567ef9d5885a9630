#include "core/cache/cache_queue.h"

#include <utility>

namespace lookalike {

CacheQueue::CacheQueue(std::unique_ptr<CacheStore> store) : store_(std::move(store)), thread_([this] { work(); }) {}

CacheQueue::~CacheQueue() {
  close();
}

void CacheQueue::look_up(std::string key, Found found) {
  {
    const std::lock_guard lock(mutex_);
    if (!closing_) {
      look_ups_.push_back({std::move(key), std::move(found)});
      changed_.notify_one();
      return;
    }
  }
  found(std::nullopt);
}

void CacheQueue::keep(MakeRecord make) {
  const std::lock_guard lock(mutex_);
  if (closing_) return;
  to_keep_.push_back(std::move(make));
  changed_.notify_one();
}

void CacheQueue::close() {
  std::call_once(joined_, [this] {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      look_ups_.clear();
      changed_.notify_one();
    }
    thread_.join();
  });
}

void CacheQueue::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || !look_ups_.empty() || !to_keep_.empty(); });
    if (!look_ups_.empty()) {
      const LookUp next = std::move(look_ups_.front());
      look_ups_.pop_front();
      lock.unlock();
      next.found(store_->get(next.key));
      lock.lock();
    } else if (!to_keep_.empty()) {
      const auto makers = std::exchange(to_keep_, {});
      lock.unlock();
      write(makers);
      lock.lock();
    } else {
      return;  // closing, and nothing is left
    }
  }
}

void CacheQueue::write(const std::deque<MakeRecord>& makers) {
  std::vector<CacheRecord> records;
  for (const MakeRecord& make : makers) {
    if (auto record = make()) records.push_back(*std::move(record));
  }
  store_->put(records);
}

}  // namespace lookalike

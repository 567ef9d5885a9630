#include "core/pipeline/embedding_workers.h"

#include <cassert>
#include <new>
#include <utility>

#include "core/base/thread_start.h"

namespace lookalike {
namespace {

Result<std::unique_ptr<Embedder>> load_if_possible(const EmbeddingWorkers::Loader& load) {
  try {
    return load();
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::model, "not enough memory for the network: use fewer --parallel, or a smaller network"};
  }
}

}  // namespace

// Fewer where the machine allows no more; but one there must be.
EmbeddingWorkers::EmbeddingWorkers(Loader load, int count) : load_(std::move(load)) {
  assert(count >= 1);
  threads_.reserve(static_cast<size_t>(count));
  threads_.emplace_back([this] { work(); });
  while (threads_.size() < static_cast<size_t>(count) && start_if_possible(threads_, [this] { work(); })) {
  }
}

EmbeddingWorkers::~EmbeddingWorkers() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    jobs_.clear();
  }
  work_available_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
}

void EmbeddingWorkers::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  work_available_.notify_one();
}

void EmbeddingWorkers::work() {
  const auto loaded = load_if_possible(load_);
  const Result<Embedder*> network = loaded.ok() ? Result<Embedder*>(loaded->get()) : Result<Embedder*>(loaded.error());
  while (true) {
    std::unique_lock lock(mutex_);
    work_available_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
    if (closing_) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job(network);
  }
}

}  // namespace lookalike

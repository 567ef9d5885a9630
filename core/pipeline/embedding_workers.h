// Threads that decode and embed, each with a network of its own: one single-threaded network a core is faster than
// one network on all cores. They load in the background from the moment of construction, the first one first.
// Threads: submit() from any; jobs run on the workers, in the order of submission. The queue is bounded by those who
// submit: a search has no more photos waiting than its backlog and its transfers (search_session.h).
// Tested by tests/core/pipeline/embedding_workers_test.cc
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/result.h"
#include "core/vision/inference/embedder.h"

namespace lookalike {

class EmbeddingWorkers {
 public:
  using Loader = std::function<Result<std::unique_ptr<Embedder>>()>;
  // What a job gets: a loaded network, or why there is none.
  using Job = std::function<void(const Result<Embedder*>&)>;

  // REQUIRES: count >= 1. `load` is called once on each worker.
  EmbeddingWorkers(Loader load, int count);
  // Jobs not yet begun are dropped; those under way are waited for.
  ~EmbeddingWorkers();
  EmbeddingWorkers(const EmbeddingWorkers&) = delete;
  EmbeddingWorkers& operator=(const EmbeddingWorkers&) = delete;

  void submit(Job job);
  int count() const { return static_cast<int>(threads_.size()); }

 private:
  void work();

  Loader load_;
  std::mutex mutex_;
  std::condition_variable work_available_;
  std::deque<Job> jobs_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace lookalike

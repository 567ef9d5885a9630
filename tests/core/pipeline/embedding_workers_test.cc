#include "core/pipeline/embedding_workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>

#include "tests/core/pipeline/fake_embedder.h"

namespace lookalike {
namespace {

TEST(EmbeddingWorkers, RunsEveryJobOnANetworkOfItsOwn) {
  EmbeddingWorkers workers(load_fake_embedder, 3);
  std::mutex mutex;
  std::set<Embedder*> networks;
  std::atomic<int> left = 100;
  std::promise<void> done;
  for (int i = 0; i < 100; ++i) {
    workers.submit([&](const Result<Embedder*>& network) {
      ASSERT_TRUE(network.ok());
      {
        const std::lock_guard lock(mutex);
        networks.insert(*network);
      }
      if (--left == 0) done.set_value();
    });
  }
  done.get_future().wait();
  EXPECT_GE(networks.size(), 1u);
  EXPECT_LE(networks.size(), 3u);
}

TEST(EmbeddingWorkers, TellsEveryJobWhyThereIsNoNetwork) {
  EmbeddingWorkers workers(
      []() -> Result<std::unique_ptr<Embedder>> {
        return Error{ErrorCode::model, "broken file"};
      },
      2);
  for (int i = 0; i < 4; ++i) {
    std::promise<Error> told;
    workers.submit([&told](const Result<Embedder*>& network) { told.set_value(network.error()); });
    EXPECT_EQ(told.get_future().get().message, "broken file");
  }
}

TEST(EmbeddingWorkers, DropsWhatWasNotBegun) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::promise<void> begun;
  std::atomic<int> ran = 0;
  {
    EmbeddingWorkers workers(load_fake_embedder, 1);
    workers.submit([&, released](const Result<Embedder*>&) {
      begun.set_value();
      released.wait();
      ++ran;
    });
    begun.get_future().wait();
    for (int i = 0; i < 10; ++i)
      workers.submit([&ran](const Result<Embedder*>&) { ++ran; });
    std::thread([&release] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      release.set_value();
    }).detach();
  }
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace lookalike

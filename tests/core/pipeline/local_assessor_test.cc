#include "core/pipeline/local_assessor.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <vector>

#include "core/cache/disk_cache.h"
#include "tests/core/pipeline/fake_embedder.h"
#include "tests/support/fake_clock.h"
#include "tests/support/jpeg_writer.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

class LocalAssessorTest : public testing::Test {
 protected:
  std::unique_ptr<LocalAssessor> open(int64_t memory = 0) {
    return std::make_unique<LocalAssessor>(
        workers_, NetworkAssessor::Gives::embedding,
        std::make_shared<LocalEmbeddings>(LocalEmbeddings::Settings{.identity = "network",
                                                                    .memory_bytes = memory,
                                                                    .open_store =
                                                                        [this] {
                                                                          return std::make_unique<DiskCache>(
                                                                              folder_.path() / "kept", 1 << 24, clock_,
                                                                              LogSink(), kPhotosFile);
                                                                        }},
                                          clock_));
  }
  static std::future<Assessment> begin(LocalAssessor& assessor, const PhotoInHand& photo) {
    auto promise = std::make_shared<std::promise<Assessment>>();
    auto made = promise->get_future();
    assessor.assess(photo, [promise](Assessment answer) { promise->set_value(std::move(answer)); });
    return made;
  }
  // By an assessor of its own, which writes all when it goes.
  Assessment assess(const std::string& path) {
    const auto assessor = open();
    Assessment made = begin(*assessor, local(path)).get();
    assessor->close();
    return made;
  }
  static PhotoInHand local(const std::string& path) {
    return {.photo = {.local_path = path}, .bytes = nullptr, .max_bytes = 1 << 20};
  }

  test::TemporaryFolder folder_;
  test::FakeClock clock_;
  EmbeddingWorkers workers_{load_fake_embedder, 2};
};

TEST_F(LocalAssessorTest, ASecondRunDoesNotDecodeAndAChangedFileIsNoticed) {
  const std::string path = folder_.write("a.jpg", test::write_grey_jpeg(64, 48)).string();
  const Assessment first = assess(path);
  EXPECT_EQ(*first.embedding, (Embedding{64, 48}));
  EXPECT_FALSE(first.cached);
  EXPECT_GT(first.bytes_read, 0);
  const Assessment second = assess(path);
  EXPECT_EQ(*second.embedding, (Embedding{64, 48}));
  EXPECT_TRUE(second.cached);
  folder_.write("a.jpg", test::write_grey_jpeg(32, 16));
  const Assessment changed = assess(path);
  EXPECT_EQ(*changed.embedding, (Embedding{32, 16}));
  EXPECT_FALSE(changed.cached);
}

TEST_F(LocalAssessorTest, WhatIsInMemoryIsAnsweredAtOnce) {
  const std::string path = folder_.write("a.jpg", test::write_grey_jpeg(64, 48)).string();
  clock_.shift_wall(std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::system_clock::now() + std::chrono::hours(1) - clock_.wall_time()));  // the file has settled
  const auto assessor = open(1 << 20);
  (void)begin(*assessor, local(path)).get();
  auto second = begin(*assessor, local(path));
  ASSERT_EQ(second.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  EXPECT_TRUE(second.get().cached);
}

TEST_F(LocalAssessorTest, ManyWhoWantTheSameAreAllAnswered) {
  const std::string path = folder_.write("a.jpg", test::write_grey_jpeg(64, 48)).string();
  const auto assessor = open();
  std::vector<std::future<Assessment>> answers;
  for (int i = 0; i < 20; ++i)
    answers.push_back(begin(*assessor, local(path)));
  for (auto& answer : answers)
    EXPECT_EQ(*answer.get().embedding, (Embedding{64, 48}));
}

TEST_F(LocalAssessorTest, FailuresAreNotKept) {
  const std::string path = folder_.write("a.jpg", "no image").string();
  EXPECT_EQ(assess(path).embedding.error().code, ErrorCode::bad_data);
  EXPECT_EQ(assess(path).embedding.error().code, ErrorCode::bad_data);
  EXPECT_EQ(assess("/no/such/file.jpg").embedding.error().code, ErrorCode::not_found);
}

TEST_F(LocalAssessorTest, BytesThatCameFromElsewhereAreTheNetworkAssessorsBusiness) {
  const auto assessor = open();
  const PhotoInHand photo{.photo = {.image_url = "http://x/a.jpg"},
                          .bytes = std::make_shared<std::string>(test::write_grey_jpeg(64, 48))};
  EXPECT_FALSE(begin(*assessor, photo).get().cached);
  EXPECT_FALSE(begin(*assessor, photo).get().cached);
}

}  // namespace
}  // namespace lookalike

#include "core/pipeline/network_assessor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "tests/core/pipeline/fake_embedder.h"
#include "tests/support/jpeg_writer.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

class NetworkAssessorTest : public testing::Test {
 protected:
  Assessment assess(const PhotoInHand& photo, NetworkAssessor::Gives gives = NetworkAssessor::Gives::embedding) {
    NetworkAssessor assessor(workers_, gives);
    std::promise<Assessment> promise;
    assessor.assess(photo, [&promise](Assessment answer) { promise.set_value(std::move(answer)); });
    return promise.get_future().get();
  }

  test::TemporaryFolder folder_;
  std::string jpeg_ = test::write_grey_jpeg(64, 48);
  EmbeddingWorkers workers_{load_fake_embedder, 1};
};

TEST_F(NetworkAssessorTest, GivesTheEmbeddingAloneOrTheOutputToo) {
  const PhotoInHand photo{.photo = {.image_url = "http://x/a.jpg"}, .bytes = std::make_shared<std::string>(jpeg_)};
  EXPECT_EQ(*assess(photo).embedding, (Embedding{64, 48}));
  EXPECT_EQ(assess(photo).bytes_read, 0);
  EXPECT_EQ(*assess(photo, NetworkAssessor::Gives::embedding_and_output).embedding, (Embedding{64, 48, 64 * 48}));
}

TEST_F(NetworkAssessorTest, ReadsFilesOfThisDiskUpToTheirLimit) {
  const std::string path = folder_.write("a.jpg", jpeg_).string();
  const Assessment answer = assess({.photo = {.local_path = path}, .max_bytes = 1 << 20});
  EXPECT_EQ(*answer.embedding, (Embedding{64, 48}));
  EXPECT_EQ(answer.bytes_read, static_cast<int64_t>(jpeg_.size()));
  EXPECT_EQ(assess({.photo = {.local_path = path}, .max_bytes = 100}).embedding.error().code, ErrorCode::bad_data);
}

TEST_F(NetworkAssessorTest, WhatIsNoImageIsNamed) {
  const Assessment answer = assess(
      {.photo = {.image_url = "http://x/page.jpg"}, .bytes = std::make_shared<std::string>("<html>sorry</html>")});
  ASSERT_FALSE(answer.embedding.ok());
  EXPECT_EQ(answer.embedding.error().code, ErrorCode::bad_data);
  EXPECT_THAT(answer.embedding.error().message, testing::HasSubstr("page.jpg"));
}

}  // namespace
}  // namespace lookalike

#include "core/pipeline/program_assessor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <sstream>

#include "core/base/feature_source.h"
#include "core/pipeline/photo_feature_source.h"
#include "tests/support/loopback_server.h"
#include "tests/support/score_programs.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kJpegStart = "\xFF\xD8\xFF\xE0";

// Notes which file it was shown.
std::string noting(const std::string& log) {
  return test::scoring_loop(
      "0.1", R"sh({ echo "$file"; wc -c < "$file"; ls -ld "$(dirname "$file")" | cut -c1-10; } >> )sh" + log);
}

class ProgramAssessorTest : public testing::Test {
 protected:
  PhotoFeatureSource source(const std::string& command) {
    return PhotoFeatureSource(http_, ImageFetchOptions{.max_bytes = 1 << 20, .scope = AddressScope::loopback},
                              {{std::make_shared<ProgramAssessor>(ScoringProgramOptions{.command = command})}});
  }

  static FeatureAnswer fetch(FeatureSource& features, const Photo& photo) {
    std::promise<FeatureAnswer> promise;
    bool told = false;
    features.fetch(photo, 2,
                   {.transferred = [&told](TransferCost) { told = true; },
                    .done = [&promise](FeatureAnswer answer) { promise.set_value(std::move(answer)); }});
    const FeatureAnswer answer = promise.get_future().get();
    // That the transfer is over is told when there was one and something arrived.
    EXPECT_EQ(told, photo.local_path.empty() && answer.cost.bytes > 0 && !photo.image_url.ends_with("/none"));
    return answer;
  }

  Photo web_photo(const std::string& path) { return {.id = path.substr(1), .image_url = server_.url(path)}; }

  std::vector<std::string> noted() {
    std::vector<std::string> lines;
    std::istringstream text(test::contents(log_));
    for (std::string line; std::getline(text, line);)
      lines.push_back(line);
    return lines;
  }

  test::TemporaryFolder folder_;
  std::string log_ = (folder_ / "log").string();
  std::string jpeg_ = kJpegStart + std::string(5000, 'x');
  test::LoopbackServer server_{[this](httplib::Server& routes) {
    const auto serve = [&routes](const std::string& path, const std::string& bytes) {
      routes.Get(path, [bytes](const httplib::Request&, httplib::Response& out) { out.set_content(bytes, "image/x"); });
    };
    serve("/good", jpeg_);
    serve("/page", "<html>sorry</html>");
  }};
  HttpClient http_{{.user_agent = "test", .first_retry_wait = std::chrono::milliseconds(1)}};
};

TEST_F(ProgramAssessorTest, ShowsADownloadedPhotoAsAFileThatIsGoneAfterwards) {
  auto features = source(noting(log_));
  for (int i = 0; i < 2; ++i) {
    const FeatureAnswer answer = fetch(features, web_photo("/good"));
    ASSERT_TRUE(answer.embedding.ok()) << answer.embedding.error().message;
    EXPECT_EQ(embedded_number(*answer.embedding), 0.1);
    EXPECT_EQ(answer.cost.requests, 1);
    EXPECT_EQ(answer.cost.bytes, static_cast<int64_t>(jpeg_.size()));
  }
  const auto lines = noted();
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_THAT(lines[0], EndsWith("/1.jpg"));
  EXPECT_THAT(lines[3], EndsWith("/2.jpg"));
  EXPECT_EQ(lines[1], std::to_string(jpeg_.size()));
  EXPECT_EQ(lines[2], "drwx------");
  EXPECT_FALSE(std::filesystem::exists(lines[0]));
}

TEST_F(ProgramAssessorTest, LeavesNothingBehind) {
  {
    auto features = source(noting(log_));
    EXPECT_TRUE(fetch(features, web_photo("/good")).embedding.ok());
  }
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(noted()[0]).parent_path()));
}

TEST_F(ProgramAssessorTest, ShowsPhotosOnThisDiskAsTheyAre) {
  auto features = source(noting(log_));
  const std::string path = folder_.write("my photo é.jpg", jpeg_).string();
  const FeatureAnswer answer = fetch(features, {.id = "1", .local_path = path});
  ASSERT_TRUE(answer.embedding.ok()) << answer.embedding.error().message;
  EXPECT_EQ(answer.cost.bytes, static_cast<int64_t>(jpeg_.size()));
  EXPECT_EQ(noted()[0], path);
  const std::string odd = folder_.write("caf\xE9.jpg", jpeg_).string();
  EXPECT_TRUE(fetch(features, {.id = "2", .local_path = odd}).embedding.ok());
  EXPECT_THAT(noted()[3], EndsWith("/1.jpg")) << "a link, since the name cannot stand in JSON";
  EXPECT_EQ(noted()[4], std::to_string(jpeg_.size()));
  EXPECT_TRUE(std::filesystem::exists(odd));
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(ProgramAssessorTest, WhatIsNoPhotoNeverReachesTheProgram) {
  auto features = source(noting(log_));
  const auto code = [&](const Photo& photo) { return fetch(features, photo).embedding.error().code; };
  EXPECT_EQ(code(web_photo("/page")), ErrorCode::bad_data);
  EXPECT_EQ(code(web_photo("/none")), ErrorCode::not_found);
  EXPECT_EQ(code({.id = "1", .local_path = (folder_ / "none.jpg").string()}), ErrorCode::not_found);
  EXPECT_EQ(test::contents(log_), "");
}

TEST_F(ProgramAssessorTest, ItsFaultsAreTheAnswers) {
  auto features = source("while read -r line; do echo lies; done");
  const FeatureAnswer answer = fetch(features, web_photo("/good"));
  ASSERT_FALSE(answer.embedding.ok());
  EXPECT_EQ(answer.embedding.error().code, ErrorCode::bad_data);
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST_F(ProgramAssessorTest, ManyAtOnceAreAllAnswered) {
  auto features = source(test::score_by_size());
  std::vector<std::promise<FeatureAnswer>> promises(30);
  for (auto& promise : promises)
    features.fetch(web_photo("/good"), 1,
                   {.done = [&promise](FeatureAnswer answer) { promise.set_value(std::move(answer)); }});
  for (auto& promise : promises) {
    const FeatureAnswer answer = promise.get_future().get();
    ASSERT_TRUE(answer.embedding.ok()) << answer.embedding.error().message;
    EXPECT_EQ(embedded_number(*answer.embedding), static_cast<double>(jpeg_.size()));
  }
}

TEST_F(ProgramAssessorTest, IsDestroyedInTheMiddleOfAPhoto) {
  std::atomic<int> answers = 0;
  {
    auto features = source("echo > " + log_ + "; sleep 1000");
    for (int i = 0; i < 5; ++i)
      features.fetch(web_photo("/good"), 1, {.done = [&answers](FeatureAnswer) { ++answers; }});
    while (test::contents(log_).empty())
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(answers, 0);
}

}  // namespace
}  // namespace lookalike

#include "models/pull/download.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "core/base/random.h"
#include "core/base/text/digest.h"
#include "tests/support/loopback_server.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::contents;
using test::LoopbackServer;
using test::TemporaryFolder;
using testing::HasSubstr;

constexpr int64_t kSize = 300'000;

std::string noise(uint64_t seed, size_t size) {
  Random random(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes)
    byte = static_cast<char>(random.below(256));
  return bytes;
}

HttpOptions quick() {
  return {.user_agent = "test", .timeout = std::chrono::seconds(20), .first_retry_wait = std::chrono::milliseconds(1)};
}

class DownloadTest : public testing::Test {
 protected:
  // A server with one answer for every request.
  void serve(httplib::Server::Handler handler) {
    server_.emplace([&](httplib::Server& server) {
      server.Get("/net.onnx", [this, handler](const httplib::Request& request, httplib::Response& response) {
        {
          const std::lock_guard lock(mutex_);
          ranges_.push_back(request.get_header_value("Range"));
        }
        handler(request, response);
      });
    });
  }

  Status run(PartFile& part, std::stop_token stop = {}) {
    HttpClient client(quick());
    return download(client,
                    {.url = server_->url("/net.onnx"),
                     .bytes = kSize,
                     .scope = AddressScope::loopback,
                     .on_bytes = [this](int64_t bytes) { told_ = bytes; }},
                    part, stop);
  }

  PartFile part_with(const std::string& bytes) {
    auto part = PartFile::open(folder_ / "net.onnx", kSize);
    EXPECT_TRUE(part.ok());
    EXPECT_TRUE(part->append(bytes).ok());
    return std::move(*part);
  }

  std::vector<std::string> ranges() {
    const std::lock_guard lock(mutex_);
    return ranges_;
  }

  const std::string file_ = noise(1, kSize);
  TemporaryFolder folder_;
  std::optional<LoopbackServer> server_;
  std::mutex mutex_;
  std::vector<std::string> ranges_;
  std::atomic<int64_t> told_ = 0;
};

// cpp-httplib serves Range requests on its own when the body is set.
void whole(const std::string& bytes, httplib::Response& response) {
  response.set_content(bytes, "application/octet-stream");
}

// Answers 200 with the whole body whatever was asked for. (The library would cut set_content() to the range.)
void ignoring_range(const std::string& bytes, httplib::Response& response) {
  response.status = 200;
  response.set_chunked_content_provider("application/octet-stream", [bytes](size_t, httplib::DataSink& sink) {
    sink.write(bytes.data(), bytes.size());
    sink.done();
    return true;
  });
}

TEST_F(DownloadTest, FetchesAWholeFile) {
  serve([&](const auto&, auto& response) { whole(file_, response); });
  PartFile part = part_with("");
  const Status got = run(part);
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(contents(part.path()), file_);
  EXPECT_EQ(told_, kSize);
  EXPECT_THAT(ranges(), testing::ElementsAre(""));
}

// A hotel's log-in page today does not cost what was brought yesterday.
TEST_F(DownloadTest, PageInPlaceOfTheFileIsNamedAndTheBeginningKept) {
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 300000\n";
  for (const auto& [body, words] : std::vector<std::pair<std::string, std::string>>{
           {pointer, " gives a Git LFS pointer file"},
           {"\xef\xbb\xbf <HTML><body>Please log in", " gives a web page"},
           {"<!doctype html>" + std::string(20'000, ' '), " gives a web page"},
           {"<?xml version='1.0'?><Error><Code>NoSuchBucket</Code></Error>", " gives a web page"}}) {
    serve([&, text = body](const auto&, auto& response) { ignoring_range(text, response); });
    for (const size_t had : {size_t{0}, size_t{100}, size_t{100'000}}) {
      PartFile part = part_with(file_.substr(0, had));
      const Status got = run(part);
      ASSERT_FALSE(got.ok());
      EXPECT_EQ(got.error().code, ErrorCode::bad_data);
      EXPECT_THAT(got.error().message, HasSubstr(server_->url("/net.onnx") + words));
      EXPECT_EQ(part.size(), static_cast<int64_t>(had));
      ASSERT_TRUE(part.restart().ok());
    }
  }
}

TEST_F(DownloadTest, PageIsAlsoKnownByItsType) {
  serve([](const auto&, auto& response) { response.set_content("Moved.", "text/html; charset=utf-8"); });
  PartFile part = part_with("");
  EXPECT_THAT(run(part).error().message, HasSubstr(" gives a web page"));
}

TEST_F(DownloadTest, TellsWhetherTheHostAnswered) {
  serve([](const auto&, auto& response) { response.status = 503; });
  HttpClient client(quick());
  for (const bool alive : {true, false}) {
    bool answered = false;
    PartFile part = part_with("");
    const Status got = download(client,
                                {.url = alive ? server_->url("/net.onnx") : "http://127.0.0.1:1/net.onnx",
                                 .bytes = kSize,
                                 .scope = AddressScope::loopback,
                                 .answered = &answered},
                                part, {});
    EXPECT_EQ(got.error().code, ErrorCode::network);
    EXPECT_EQ(answered, alive);
  }
}

TEST_F(DownloadTest, GoesOnWhereAnEarlierRunEnded) {
  serve([&](const auto&, auto& response) { whole(file_, response); });
  PartFile part = part_with(file_.substr(0, 100'000));
  const Status got = run(part);
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(contents(part.path()), file_);
  EXPECT_THAT(ranges(), testing::ElementsAre("bytes=95904-"));
}

TEST_F(DownloadTest, ResumesAtEverySortOfBorder) {
  serve([&](const auto&, auto& response) { whole(file_, response); });
  for (const size_t there : {size_t{1}, size_t{4095}, size_t{4096}, size_t{4097}, file_.size() - 1, file_.size()}) {
    PartFile part = part_with(file_.substr(0, there));
    ASSERT_TRUE(run(part).ok()) << there;
    EXPECT_EQ(contents(part.path()), file_) << there;
    ASSERT_TRUE(part.restart().ok());
  }
}

TEST_F(DownloadTest, ServerThatIgnoresTheRangeIsNoticed) {
  serve([&](const auto&, auto& response) { ignoring_range(file_, response); });
  PartFile part = part_with(file_.substr(0, 100'000));
  const Status got = run(part);
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(contents(part.path()), file_);
  EXPECT_EQ(ranges().size(), 1u);
}

TEST_F(DownloadTest, PartOfAnotherFileIsThrownAway) {
  serve([&](const auto&, auto& response) { whole(file_, response); });
  PartFile part = part_with(noise(2, 100'000));
  const Status got = run(part);
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(contents(part.path()), file_);
  EXPECT_THAT(ranges(), testing::ElementsAre("bytes=95904-", ""));
}

TEST_F(DownloadTest, PartThatIsTooLongIsThrownAway) {
  serve([&](const auto&, auto& response) { whole(file_, response); });
  PartFile part = part_with(file_ + "more");
  ASSERT_TRUE(run(part).ok());
  EXPECT_EQ(contents(part.path()), file_);
}

TEST_F(DownloadTest, CutConnectionIsResumedInTheSameRun) {
  std::atomic<int> requests = 0;
  serve([&](const httplib::Request&, httplib::Response& response) {
    if (++requests > 2) return whole(file_, response);
    // Announces everything that was asked for and breaks off on the way.
    response.set_content_provider(file_.size(), "application/octet-stream",
                                  [this](size_t offset, size_t length, httplib::DataSink& sink) {
                                    sink.write(file_.data() + offset, std::min<size_t>(length, 100'000));
                                    return false;
                                  });
  });
  PartFile part = part_with("");
  const Status got = run(part);
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(contents(part.path()), file_);
  EXPECT_THAT(ranges(), testing::ElementsAre("", "bytes=95904-", "bytes=191808-"));
}

TEST_F(DownloadTest, RangeThatCannotBeIsAnsweredByBeginningAgain) {
  serve([&](const httplib::Request& request, httplib::Response& response) {
    if (!request.has_header("Range")) return whole(file_, response);
    response.status = 416;
  });
  PartFile part = part_with(file_.substr(0, 100'000));
  const Status got = run(part);
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(contents(part.path()), file_);
}

TEST_F(DownloadTest, MissingFileIsNotFound) {
  serve([](const auto&, auto& response) { response.status = 404; });
  PartFile part = part_with("");
  const Status got = run(part);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::not_found);
  EXPECT_THAT(got.error().message, HasSubstr("404"));
}

TEST_F(DownloadTest, ServerErrorIsANetworkErrorAndKeepsThePart) {
  serve([](const auto&, auto& response) { response.status = 500; });
  PartFile part = part_with(file_.substr(0, 100'000));
  const Status got = run(part);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::network);
  EXPECT_EQ(part.size(), 100'000);
}

TEST_F(DownloadTest, FileOfAnotherSizeIsRefused) {
  serve([&](const auto&, auto& response) { whole(file_.substr(0, 1000), response); });
  PartFile shorter = part_with("");
  const Status too_short = run(shorter);
  ASSERT_FALSE(too_short.ok());
  EXPECT_EQ(too_short.error().code, ErrorCode::bad_data);
  EXPECT_THAT(too_short.error().message, HasSubstr("ends after 1000 bytes"));
  EXPECT_EQ(shorter.size(), 0);
}

TEST_F(DownloadTest, EndlessBodyIsCutOff) {
  serve([&](const auto&, auto& response) { ignoring_range(file_ + "x", response); });
  PartFile part = part_with("");
  const Status got = run(part);
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::bad_data);
  EXPECT_LE(part.size(), kSize);
}

TEST_F(DownloadTest, StopRequestInterruptsAndKeepsThePart) {
  std::stop_source stop;
  serve([&](const auto&, httplib::Response& response) {
    response.set_content_provider(
        file_.size(), "application/octet-stream", [&](size_t offset, size_t, httplib::DataSink& sink) {
          if (offset > 100'000) stop.request_stop();
          return sink.write(file_.data() + offset, std::min<size_t>(10'000, file_.size() - offset));
        });
  });
  PartFile part = part_with("");
  const Status got = run(part, stop.get_token());
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::interrupted);
  EXPECT_EQ(contents(part.path()), file_.substr(0, static_cast<size_t>(part.size())));
}

TEST_F(DownloadTest, UnreachableServerIsANetworkError) {
  HttpClient client(quick());
  PartFile part = part_with("");
  const Status got = download(
      client, {.url = "http://127.0.0.1:1/net.onnx", .bytes = kSize, .scope = AddressScope::loopback}, part, {});
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::network);
}

}  // namespace
}  // namespace lookalike

#include "core/http/response_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lookalike {
namespace {

using testing::HasSubstr;

bool feed(ResponseSink& sink, std::initializer_list<std::string_view> lines) {
  for (const std::string_view line : lines) {
    if (!sink.header_line(line)) return false;
  }
  return true;
}

TEST(ResponseSink, CollectsStatusHeadersAndBody) {
  ResponseSink sink(100, nullptr);
  ASSERT_TRUE(feed(sink, {"HTTP/2 200 \r\n", "Content-Type:  text/plain \r\n", "X-A: 1\r\n", "x-a: 2\r\n", "\r\n"}));
  ASSERT_TRUE(sink.body_piece("hello ", 6));
  ASSERT_TRUE(sink.body_piece("world", 11));
  EXPECT_TRUE(sink.finish(11));
  EXPECT_EQ(sink.response().status, 200);
  EXPECT_EQ(sink.response().body, "hello world");
  EXPECT_EQ(sink.response().headers.at("content-type"), "text/plain");
  EXPECT_EQ(sink.response().headers.at("x-a"), "1, 2");
}

TEST(ResponseSink, ForgetsInterimResponses) {
  ResponseSink sink(100, nullptr);
  ASSERT_TRUE(
      feed(sink, {"HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 404 Not Found\r\n", "\r\n"}));
  EXPECT_EQ(sink.response().status, 404);
  EXPECT_TRUE(sink.response().headers.empty());
}

TEST(ResponseSink, DoesNotLetTrailersChangeTheResponse) {
  ResponseSink sink(100, nullptr);
  ASSERT_TRUE(feed(sink, {"HTTP/1.1 200 OK\r\n", "A: 1\r\n", "\r\n"}));
  ASSERT_TRUE(sink.body_piece("x", 1));
  ASSERT_TRUE(feed(sink, {"HTTP/1.1 500 No\r\n", "A: 2\r\n", "B: 3\r\n", "\r\n"}));
  EXPECT_EQ(sink.response().status, 200);
  EXPECT_EQ(sink.response().headers.at("a"), "1");
  EXPECT_EQ(sink.response().body, "x");
}

TEST(ResponseSink, SurvivesBrokenHeaders) {
  ResponseSink sink(100, nullptr);
  EXPECT_TRUE(feed(sink, {"HTTP/1.1\r\n", "no colon\r\n", ": no name\r\n", ":\r\n", "Content-Length: -7\r\n",
                          "Content-Length: 99999999999999999999\r\n", "\r\n"}));
  EXPECT_EQ(sink.response().status, 0);
}

TEST(ResponseSink, BoundsHeaders) {
  ResponseSink sink(100, nullptr);
  ASSERT_TRUE(sink.header_line("HTTP/1.1 200 OK\r\n"));
  const std::string line = "X-Pad: " + std::string(1000, 'x') + "\r\n";
  int lines = 0;
  while (sink.header_line(line))
    ASSERT_LT(++lines, 300);
  EXPECT_EQ(sink.failure()->code, ErrorCode::bad_data);
  EXPECT_THAT(sink.failure()->message, HasSubstr("headers are larger"));
}

TEST(ResponseSink, BoundsTheBody) {
  ResponseSink sink(10, nullptr);
  ASSERT_TRUE(feed(sink, {"HTTP/1.1 200 OK\r\n", "\r\n"}));
  EXPECT_TRUE(sink.body_piece("0123456789", 10));
  EXPECT_FALSE(sink.body_piece("x", 11));
  EXPECT_EQ(sink.failure()->code, ErrorCode::bad_data);
}

TEST(ResponseSink, RefusesWhatAnnouncesTooMuch) {
  ResponseSink sink(10, nullptr);
  EXPECT_FALSE(feed(sink, {"HTTP/1.1 200 OK\r\n", "Content-Length: 11\r\n", "\r\n"}));
  EXPECT_THAT(sink.failure()->message, HasSubstr("announces 11 bytes"));
}

TEST(ResponseSink, ReadsErrorPagesAboveASmallLimit) {
  ResponseSink sink(1, nullptr);
  ASSERT_TRUE(feed(sink, {"HTTP/1.1 404 Not Found\r\n", "Content-Length: 4\r\n", "\r\n"}));
  EXPECT_TRUE(sink.body_piece("gone", 4));
  EXPECT_FALSE(sink.body_piece(std::string(64 << 10, 'x'), 70'000));
}

TEST(ResponseSink, RecognizesBombs) {
  ResponseSink sink(int64_t{1} << 40, nullptr);
  ASSERT_TRUE(feed(sink, {"HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip\r\n", "\r\n"}));
  const std::string piece(1 << 20, '\0');
  int64_t total = 0;
  while (sink.body_piece(piece, total / 1000)) {
    total += 1 << 20;
    ASSERT_LT(total, 8 << 20);
  }
  EXPECT_THAT(sink.failure()->message, HasSubstr("bomb"));
}

TEST(ResponseSink, RecognizesSmallBombsAtTheEnd) {
  ResponseSink sink(int64_t{1} << 40, nullptr);
  ASSERT_TRUE(feed(sink, {"HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip\r\n", "\r\n"}));
  ASSERT_TRUE(sink.body_piece(std::string((1 << 20) + 1000, '\0'), 0));
  EXPECT_FALSE(sink.finish(1100));
}

TEST(ResponseSink, LeavesWellCompressedDocumentsAlone) {
  ResponseSink sink(int64_t{1} << 40, nullptr);
  ASSERT_TRUE(feed(sink, {"HTTP/1.1 200 OK\r\n", "Content-Encoding: br\r\n", "\r\n"}));
  EXPECT_TRUE(sink.body_piece(std::string(4 << 20, 'x'), 40 << 10));
  EXPECT_TRUE(sink.finish(40 << 10));
}

TEST(ResponseSink, HandsOverOnlySuccessfulBodies) {
  std::string seen;
  const ResponseSink::OnData on_data = [&](std::string_view piece) { return seen.append(piece), true; };
  ResponseSink good(100, &on_data);
  ASSERT_TRUE(feed(good, {"HTTP/1.1 206 Partial\r\n", "\r\n"}));
  EXPECT_FALSE(good.handed_over());
  EXPECT_TRUE(good.body_piece("abc", 3));
  EXPECT_TRUE(good.handed_over());
  EXPECT_EQ(good.response().body, "");
  ResponseSink bad(100, &on_data);
  ASSERT_TRUE(feed(bad, {"HTTP/1.1 503 Busy\r\n", "\r\n"}));
  EXPECT_TRUE(bad.body_piece("busy", 4));
  EXPECT_FALSE(bad.handed_over());
  EXPECT_EQ(bad.response().body, "busy");
  EXPECT_EQ(seen, "abc");
}

TEST(ResponseSink, StopsWhenTheReceiverSaysSo) {
  const ResponseSink::OnData on_data = [](std::string_view) { return false; };
  ResponseSink sink(100, &on_data);
  ASSERT_TRUE(feed(sink, {"HTTP/1.1 200 OK\r\n", "\r\n"}));
  EXPECT_FALSE(sink.body_piece("abc", 3));
  EXPECT_EQ(sink.failure()->code, ErrorCode::interrupted);
}

}  // namespace
}  // namespace lookalike

// Every fault of a network and of a server by itself, and what the client says about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <atomic>

#include "core/http/http_client.h"
#include "tests/core/http/http_fixture.h"
#include "tests/support/loopback_server.h"
#include "tests/support/raw_server.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using test::local_request;
using test::message_of;
using test::patient_options;
using test::quick_options;
using test::RawConnection;
using test::RawServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr milliseconds kShort{300};

HttpAnswer fetch_once(const std::string& url, milliseconds timeout = test::kHangLimit) {
  HttpClient client(patient_options(0, timeout));
  return client.fetch(local_request(url));
}

void expect_error(const HttpAnswer& answer, ErrorCode code, const testing::Matcher<std::string>& message) {
  ASSERT_FALSE(answer.response.ok()) << message_of(answer);
  EXPECT_EQ(answer.response.error().code, code);
  EXPECT_THAT(answer.response.error().message, message);
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST(HttpClientFaults, ConnectionRefused) {
  const int port = test::unused_port();
  expect_error(fetch_once("http://127.0.0.1:" + std::to_string(port) + "/x?api_key=SECRET"), ErrorCode::network,
               AllOf(HasSubstr("could not connect to 127.0.0.1:" + std::to_string(port)),
                     HasSubstr("connection refused"), HasSubstr("--proxy"), Not(HasSubstr("SECRET"))));
}

TEST(HttpClientFaults, NameWithoutAddress) {
  expect_error(fetch_once("https://name.invalid/"), ErrorCode::network,
               AllOf(HasSubstr("could not find the host name.invalid"), HasSubstr("DNS")));
}

TEST(HttpClientFaults, ResetBeforeTheAnswer) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.reset();
  });
  expect_error(fetch_once(server.url("/")), ErrorCode::network, HasSubstr("was reset"));
}

TEST(HttpClientFaults, ResetInTheBody) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
    connection.pause(milliseconds(50));
    connection.reset();
  });
  const HttpAnswer answer = fetch_once(server.url("/"));
  expect_error(answer, ErrorCode::network, HasSubstr("was reset"));
  EXPECT_EQ(answer.cost.bytes, 3);
}

TEST(HttpClientFaults, BodyEndsEarly) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
  });
  expect_error(fetch_once(server.url("/")), ErrorCode::network, HasSubstr("ended its answer early, after 3 bytes"));
}

TEST(HttpClientFaults, ChunkedBodyEndsEarly) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  });
  expect_error(fetch_once(server.url("/")), ErrorCode::network, HasSubstr("ended its answer early"));
}

TEST(HttpClientFaults, ClosesWithoutAWord) {
  RawServer server([](RawConnection& connection) { connection.read_request(); });
  expect_error(fetch_once(server.url("/")), ErrorCode::network, HasSubstr("without an answer"));
}

TEST(HttpClientFaults, HangsBeforeHeaders) {
  RawServer server([](RawConnection& connection) { connection.hang(); });
  expect_error(fetch_once(server.url("/"), kShort), ErrorCode::network,
               AllOf(HasSubstr("no answer from"), HasSubstr("time-out")));
}

TEST(HttpClientFaults, HangsInTheBody) {
  RawServer server([](RawConnection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc");
    connection.hang();
  });
  expect_error(fetch_once(server.url("/"), kShort), ErrorCode::network,
               AllOf(HasSubstr("too slow: only 3 bytes"), HasSubstr("time-out")));
}

TEST(HttpClientFaults, ARequestsOwnTimeOutIsObeyed) {
  RawServer server([](RawConnection& connection) { connection.hang(); });
  HttpClient client(patient_options(0, test::kHangLimit));
  HttpRequest request = local_request(server.url("/"));
  request.timeout = kShort;
  expect_error(client.fetch(request), ErrorCode::network, HasSubstr("no answer from"));
}

TEST(HttpClientFaults, ATrickleIsCut) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (connection.send("x") && connection.pause(milliseconds(100))) {
    }
  });
  HttpOptions options = patient_options(0, std::chrono::hours(1));
  options.stall_time = std::chrono::seconds(1);
  HttpClient client(options);
  expect_error(client.fetch(local_request(server.url("/"))), ErrorCode::network, HasSubstr("too slow"));
}

TEST(HttpClientFaults, Garbage) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("\x15\x03\x01 what is this?\r\n\r\n");
  });
  expect_error(fetch_once(server.url("/")), ErrorCode::bad_data, HasSubstr("does not answer in HTTP"));
}

TEST(HttpClientFaults, BrokenChunks) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nhello\r\n");
  });
  ASSERT_FALSE(fetch_once(server.url("/")).response.ok());
}

TEST(HttpClientFaults, BrokenCompression) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\nthis is not gzip!!!!");
  });
  expect_error(fetch_once(server.url("/")), ErrorCode::bad_data, HasSubstr("compression"));
}

TEST(HttpClientFaults, AnnouncesTooMuch) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    connection.hang();
  });
  const HttpAnswer answer = fetch_once(server.url("/a.jpg?key=SECRET"));
  expect_error(answer, ErrorCode::bad_data,
               AllOf(HasSubstr("announces 99999999999 bytes"), HasSubstr("/a.jpg?key=***"), Not(HasSubstr("SECRET"))));
}

TEST(HttpClientFaults, EndlessChunkedBody) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
    while (connection.send(chunk)) {
    }
  });
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url("/"));
  request.max_bytes = 100'000;
  const HttpAnswer answer = client.fetch(request);
  expect_error(answer, ErrorCode::bad_data, HasSubstr("larger than 100000 bytes"));
  EXPECT_EQ(answer.cost.requests, 1);
}

TEST(HttpClientFaults, EndlessErrorPage) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 404 Not Found\r\n\r\n");
    while (connection.send(std::string(4096, 'x'))) {
    }
  });
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url("/"));
  request.max_bytes = 10;
  expect_error(client.fetch(request), ErrorCode::bad_data, HasSubstr("larger than 65536 bytes"));
}

TEST(HttpClientFaults, DecompressionBomb) {
  const std::string bomb = gzip(std::string(64 << 20, '\0'));
  ASSERT_LT(bomb.size(), 100'000u);
  RawServer server([&](RawConnection& connection) {
    const bool chunked = connection.read_request().starts_with("GET /chunked");
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", bomb.size());
    connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n");
    connection.send(chunked ? "Transfer-Encoding: chunked\r\n\r\n" + std::string(size)
                            : "Content-Length: " + std::to_string(bomb.size()) + "\r\n\r\n");
    connection.send(bomb + (chunked ? "\r\n0\r\n\r\n" : ""));
  });
  HttpClient client(quick_options());
  for (const char* path : {"/chunked", "/plain"}) {
    HttpRequest request = local_request(server.url(path));
    request.max_bytes = int64_t{1} << 40;
    const HttpAnswer answer = client.fetch(request);
    expect_error(answer, ErrorCode::bad_data, HasSubstr("decompression bomb"));
    EXPECT_EQ(answer.cost.requests, 1);
  }
}

TEST(HttpClientFaults, ABombWithinTheRatioIsStoppedByTheLimit) {
  const std::string packed = gzip(std::string(1 << 20, 'x'));
  RawServer server([&](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(packed.size()) +
                    "\r\n\r\n" + packed);
  });
  HttpClient client(quick_options());
  HttpRequest request = local_request(server.url("/"));
  request.max_bytes = 1000;
  expect_error(client.fetch(request), ErrorCode::bad_data, HasSubstr("larger than 1000 bytes"));
}

TEST(HttpClientFaults, EndlessHeaders) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n");
    const std::string header = "X-Pad: " + std::string(4000, 'x') + "\r\n";
    while (connection.send(header)) {
    }
  });
  const HttpAnswer answer = fetch_once(server.url("/"));
  expect_error(answer, ErrorCode::bad_data, HasSubstr("headers are larger than 262144 bytes"));
}

TEST(HttpClientFaults, EndlessInterimResponses) {
  RawServer server([](RawConnection& connection) {
    connection.read_request();
    while (connection.send("HTTP/1.1 100 Continue\r\n\r\n")) {
    }
  });
  expect_error(fetch_once(server.url("/")), ErrorCode::bad_data, HasSubstr("headers are larger"));
}

TEST(HttpClientFaults, AServerThatVanishesIsNotedByTheNextRequest) {
  HttpClient client(patient_options(0, test::kHangLimit));
  std::string url;
  {
    RawServer server([](RawConnection& connection) {
      while (!connection.read_request().empty())
        connection.send(test::text_response("x"));
    });
    url = server.url("/");
    EXPECT_TRUE(client.fetch(local_request(url)).response.ok());
  }
  expect_error(client.fetch(local_request(url)), ErrorCode::network, HasSubstr("could not connect"));
}

}  // namespace
}  // namespace lookalike

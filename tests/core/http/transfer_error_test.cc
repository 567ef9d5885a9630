#include "core/http/transfer_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <set>

namespace lookalike {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

FailedTransfer failure(CURLcode code) {
  FailedTransfer failed;
  failed.code = code;
  failed.url = *parse_url("https://api.example.org/x?api_key=SECRET");
  return failed;
}

TEST(TransferError, SaysWhatWhereAndWhatNext) {
  FailedTransfer refused = failure(CURLE_COULDNT_CONNECT);
  refused.os_error = ECONNREFUSED;
  EXPECT_EQ(describe_failure(refused).message,
            "could not connect to api.example.org:443 (connection refused): check the network or --proxy");
}

TEST(TransferError, TellsTheFailuresApart) {
  std::set<std::string> messages;
  const CURLcode codes[] = {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY,
                            CURLE_COULDNT_CONNECT,      CURLE_OPERATION_TIMEDOUT,
                            CURLE_RECV_ERROR,           CURLE_GOT_NOTHING,
                            CURLE_PARTIAL_FILE,         CURLE_PEER_FAILED_VERIFICATION,
                            CURLE_SSL_CACERT_BADFILE,   CURLE_SSL_CONNECT_ERROR,
                            CURLE_BAD_CONTENT_ENCODING, CURLE_WEIRD_SERVER_REPLY,
                            CURLE_OUT_OF_MEMORY,        CURLE_PROXY};
  for (const CURLcode code : codes) {
    const Error error = describe_failure(failure(code));
    EXPECT_THAT(error.message, Not(HasSubstr("SECRET")));
    messages.insert(error.message);
  }
  EXPECT_EQ(messages.size(), std::size(codes));
}

TEST(TransferError, TellsThePhaseOfATimeOut) {
  FailedTransfer failed = failure(CURLE_OPERATION_TIMEDOUT);
  failed.elapsed = std::chrono::milliseconds(1500);
  EXPECT_THAT(describe_failure(failed).message, AllOf(HasSubstr("DNS did not answer"), HasSubstr("1.5 s")));
  failed.resolved = true;
  EXPECT_THAT(describe_failure(failed).message, AllOf(HasSubstr("could not connect"), HasSubstr("1.5 s")));
  failed.connected = true;
  EXPECT_THAT(describe_failure(failed).message, HasSubstr("no answer from api.example.org:443"));
  failed.answered = true;
  failed.bytes = 12;
  EXPECT_THAT(describe_failure(failed).message, HasSubstr("too slow: only 12 bytes"));
}

TEST(TransferError, CallsBrokenAnswersBadData) {
  EXPECT_EQ(describe_failure(failure(CURLE_BAD_CONTENT_ENCODING)).code, ErrorCode::bad_data);
  EXPECT_EQ(describe_failure(failure(CURLE_UNSUPPORTED_PROTOCOL)).code, ErrorCode::bad_data);
  EXPECT_EQ(describe_failure(failure(CURLE_RECV_ERROR)).code, ErrorCode::network);
}

TEST(TransferError, NamesTheProxyWithoutItsPassword) {
  FailedTransfer failed = failure(CURLE_COULDNT_CONNECT);
  failed.proxy = "http://me:hunter2@proxy.example:3128";
  EXPECT_THAT(describe_failure(failed).message,
              AllOf(HasSubstr("through the proxy http://***@proxy.example:3128"), Not(HasSubstr("hunter2"))));
  failed.code = CURLE_RECV_ERROR;
  failed.proxy_status = 403;
  EXPECT_THAT(describe_failure(failed).message, AllOf(HasSubstr("refused to connect to"), HasSubstr("403")));
}

TEST(TransferError, KeepsControlCharactersOut) {
  FailedTransfer failed = failure(CURLE_PEER_FAILED_VERIFICATION);
  failed.detail = "bad \x1b[31m name";
  EXPECT_THAT(describe_failure(failed).message, Not(HasSubstr("\x1b")));
}

TEST(TransferError, KnowsTransientErrors) {
  EXPECT_TRUE(is_transient_error(CURLE_COULDNT_CONNECT));
  EXPECT_TRUE(is_transient_error(CURLE_PARTIAL_FILE));
  for (const CURLcode code : {CURLE_OK, CURLE_PEER_FAILED_VERIFICATION, CURLE_UNSUPPORTED_PROTOCOL, CURLE_WRITE_ERROR,
                              CURLE_BAD_CONTENT_ENCODING, CURLE_ABORTED_BY_CALLBACK}) {
    EXPECT_FALSE(is_transient_error(code)) << code;
  }
}

}  // namespace
}  // namespace lookalike

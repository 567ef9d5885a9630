// --timeout, --retries, --proxy, --user-agent and --cacert, from the command line to the wire.
#include <gmock/gmock.h>

#include <mutex>
#include <utility>

#include "tests/command/command_fixture.h"
#include "tests/support/loopback_server.h"
#include "tests/support/raw_server.h"
#include "tests/support/tls_identity.h"

namespace lookalike::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kNoPhotos = R"({"photos":{"page":1,"pages":0,"perpage":30,"total":0,"photo":[]},"stat":"ok"})";

class CommandNetworkTest : public CommandTest {
 protected:
  CommandResult search(const std::string& endpoint, std::vector<std::string> more) const {
    std::vector<std::string> arguments = {
        query_,  "--model", "tiny.onnx",  "--endpoint", endpoint,     "--api-key", kTestKey,      "--no-classify",
        "--tag", "thing",   "--strategy", "greedy",     "--parallel", "1",         "--max-calls", "4"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

// Remembers the heads of the requests and answers each with the same.
class Recorder {
 public:
  explicit Recorder(std::string answer)
      : server_([this, answer = std::move(answer)](RawConnection& connection) {
          for (std::string head = connection.read_request(); !head.empty(); head = connection.read_request()) {
            {
              const std::lock_guard lock(mutex_);
              heads_.push_back(head);
            }
            if (!connection.send(answer)) return;
          }
        }) {}

  int port() const { return server_.port(); }
  std::string url(const std::string& path) const { return server_.url(path); }
  std::vector<std::string> heads() const {
    const std::lock_guard lock(mutex_);
    return heads_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> heads_;
  RawServer server_;
};

std::string http_answer(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

TEST_F(CommandNetworkTest, ItSaysWhoItIsHonestlyOrAsAsked) {
  Recorder service(http_answer("200 OK", kNoPhotos));
  EXPECT_EQ(search(service.url("/rest"), {}).exit, 1);
  EXPECT_THAT(service.heads(), Each(HasSubstr("User-Agent: lookalike/")));
  const size_t before = service.heads().size();
  EXPECT_EQ(search(service.url("/rest"), {"--user-agent", "my own/1 (me@example.org)"}).exit, 1);
  ASSERT_GT(service.heads().size(), before);
  EXPECT_THAT(service.heads().back(), HasSubstr("User-Agent: my own/1 (me@example.org)"));
}

TEST_F(CommandNetworkTest, RetriesAreAsManyAsAsked) {
  for (const int retries : {0, 2}) {
    Recorder service(http_answer("503 Service Unavailable", ""));
    const CommandResult result = search(
        service.url("/rest"), {"--retries", std::to_string(retries), "--max-calls", std::to_string(retries + 1)});
    EXPECT_EQ(result.exit, 5) << result.err;
    EXPECT_EQ(service.heads().size(), static_cast<size_t>(retries) + 1);
  }
}

TEST_F(CommandNetworkTest, ATimeoutEndsAnAttempt) {
  RawServer service([](RawConnection& connection) {
    (void)connection.read_request();
    connection.hang();
  });
  const CommandResult result = search(service.url("/rest"), {"--timeout", "0.2", "--retries", "0", "--max-calls", "1"});
  EXPECT_EQ(result.exit, 5);
  EXPECT_THAT(result.err, AllOf(HasSubstr("time-out"), HasSubstr("127.0.0.1")));
}

TEST_F(CommandNetworkTest, AProxyGetsThePlainRequestAndKeepsTheKeyOutOfTheLog) {
  Recorder proxy(http_answer("200 OK", kNoPhotos));
  const std::string proxy_url = "http://user:secret-word@127.0.0.1:" + std::to_string(proxy.port());
  const CommandResult result = search("http://127.0.0.1:9/rest", {"--proxy", proxy_url, "-vv"});
  EXPECT_EQ(result.exit, 1) << result.err;
  ASSERT_FALSE(proxy.heads().empty());
  EXPECT_THAT(proxy.heads().front(),
              AllOf(HasSubstr("GET http://127.0.0.1:9/rest?"), HasSubstr("Proxy-Authorization")));
  EXPECT_THAT(result.err, AllOf(Not(HasSubstr(kTestKey)), Not(HasSubstr("secret-word"))));
}

TEST_F(CommandNetworkTest, AProxyOfTheEnvironmentGetsTheTunnel) {
  Recorder proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  CommandOptions with_proxy = options();
  with_proxy.environment["https_proxy"] = "http://127.0.0.1:" + std::to_string(proxy.port());
  const CommandResult result = run_command(
      command({query_, "--model", "tiny.onnx", "--api-key", kTestKey, "--no-classify", "--tag", "thing", "--endpoint",
               "https://photos.example/rest", "--hourly-calls", "off", "--retries", "0", "--max-calls", "1"}),
      with_proxy);
  EXPECT_EQ(result.exit, 5);
  EXPECT_THAT(result.err, HasSubstr("proxy"));
  ASSERT_FALSE(proxy.heads().empty());
  EXPECT_THAT(proxy.heads().front(), AllOf(HasSubstr("CONNECT photos.example:443"), Not(HasSubstr(kTestKey))));
}

TEST_F(CommandNetworkTest, OnlyTrustedCertificatesAreAccepted) {
  const TlsIdentity identity;
  LoopbackServer service(identity, [](httplib::Server& routes) {
    routes.Get("/rest", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(kNoPhotos, "application/json");
    });
  });
  const CommandResult distrusted = search(service.url("/rest"), {"--retries", "0"});
  EXPECT_EQ(distrusted.exit, 5);
  EXPECT_THAT(distrusted.err, HasSubstr("certificate"));
  const CommandResult trusted =
      search(service.url("/rest"), {"--cacert", folder_.write("ca.pem", identity.certificate_pem()).string()});
  EXPECT_EQ(trusted.exit, 1) << trusted.err;
}

// An OpenSSL that would take any version leaves it to the program to insist on 1.2.
TEST_F(CommandNetworkTest, OldTlsIsRefusedWhateverTheSystemAllows) {
  CommandOptions lax = options();
  lax.environment["OPENSSL_CONF"] =
      folder_
          .write("openssl.cnf",
                 "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = lax\n"
                 "[lax]\nMinProtocol = TLSv1\nCipherString = DEFAULT:@SECLEVEL=0\n")
          .string();
  const TlsIdentity identity;
  const std::string ca = folder_.write("ca.pem", identity.certificate_pem()).string();
  for (const auto& [version, exit] : {std::pair{TLS1_1_VERSION, 5}, {TLS1_2_VERSION, 1}}) {
    LoopbackServer service(identity, TlsVersions{version, version}, [](httplib::Server& routes) {
      routes.Get("/rest", [](const httplib::Request&, httplib::Response& response) {
        response.set_content(kNoPhotos, "application/json");
      });
    });
    const CommandResult result =
        run_command(command({query_, "--model", "tiny.onnx", "--api-key", kTestKey, "--no-classify", "--tag", "thing",
                             "--endpoint", service.url("/rest"), "--cacert", ca, "--retries", "0", "--max-calls", "1"}),
                    lax);
    EXPECT_EQ(result.exit, exit) << result.err;
  }
}

}  // namespace
}  // namespace lookalike::test

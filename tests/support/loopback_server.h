// An HTTP server on 127.0.0.1 for tests, by cpp-httplib: started at once, stopped by the destructor.
// Destroy clients first: an idle connection that is still open delays the end by up to a second.
// Threads: handlers run on the server's threads, several at once.
#pragma once

#include <httplib.h>
#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "tests/support/tls_identity.h"

namespace lookalike::test {

// As OpenSSL counts them: TLS1_2_VERSION. The server also takes what OpenSSL's own security levels would refuse.
struct TlsVersions {
  int lowest = TLS1_2_VERSION;
  int highest = TLS1_3_VERSION;
};

class LoopbackServer {
 public:
  using Routes = std::function<void(httplib::Server&)>;

  // `routes` registers the handlers, before the first request can come.
  explicit LoopbackServer(const Routes& routes);
  // https instead, with the given certificate.
  LoopbackServer(const TlsIdentity& identity, const Routes& routes);
  LoopbackServer(const TlsIdentity& identity, const TlsVersions& versions, const Routes& routes);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const { return port_; }
  // "http://127.0.0.1:PORT" + path. REQUIRES: path starts with '/'
  std::string url(const std::string& path) const;

 private:
  void start(const Routes& routes);

  std::string scheme_;
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace lookalike::test

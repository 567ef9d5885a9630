// A server on 127.0.0.1 that speaks HTTP/2 over TLS and nothing older, by libnghttp2: who does not offer "h2" by ALPN
// is turned away. It answers only when a number of requests wait on one connection at the same time, so that a client
// that got its answers must have let its transfers share that connection.
// Threads: the function runs on a thread for each connection.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "tests/support/raw_server.h"
#include "tests/support/tls_identity.h"

namespace lookalike::test {

struct Http2Answer {
  int status = 200;
  std::string body;
  size_t repeat = 1;           // the body is sent so often
  bool refuse_stream = false;  // no answer, but RST_STREAM with REFUSED_STREAM
};

class Http2Server {
 public:
  using Handler = std::function<Http2Answer(const std::string& path)>;

  // `together`: so many requests must wait on a connection before any of them is answered.
  Http2Server(const TlsIdentity& identity, int together, Handler handler);

  // "https://127.0.0.1:PORT" + path. REQUIRES: path starts with '/'
  std::string url(const std::string& path) const;
  int connections() const { return server_.connections(); }
  int requests() const { return requests_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  void serve(RawConnection& connection);

  const int together_;
  const Handler handler_;
  std::atomic<int> requests_{0};
  std::unique_ptr<SSL_CTX, Free> context_;
  RawServer server_;  // last: it uses all of the above
};

}  // namespace lookalike::test

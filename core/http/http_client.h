// HTTP for all sources: many transfers at once on one thread, by libcurl's multi interface.
// A host that answers 429 rests as a whole, with all that share its limits (host_policy.h).
// Safe by default: http and https only, TLS verified (1.2 or later), at most five redirects and none from https back to
// http, bodies and headers bounded, slow trickles cut, and no address inside a private network unless the request
// allows it (checked on the resolved address of every connection, so also after a redirect and on a pooled one).
// Threads: submit() from any; callbacks run on the client's own thread and must not block.
// Tested by tests/core/http/http_client_test.cc and its neighbours http_client_*_test.cc
#pragma once

#include <memory>

#include "core/http/http_message.h"

namespace lookalike {

class HttpLoop;

class HttpClient {
 public:
  using Done = HttpDone;

  explicit HttpClient(HttpOptions options);
  // Cancels what is under way and waits until no callback is running; callbacks not yet called are dropped.
  // REQUIRES: not called from a callback.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `done` runs exactly once, unless the client is destroyed first; it may submit further requests and must not throw.
  // Requests start in the order of submission; a host at its limit holds no other host up.
  void submit(HttpRequest request, Done done);
  // Waits for the answer. REQUIRES: not called from a callback.
  HttpAnswer fetch(HttpRequest request);

 private:
  std::unique_ptr<HttpLoop> loop_;
};

}  // namespace lookalike

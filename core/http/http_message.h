// What is asked of the HTTP client and what comes back: a request, its answer, and the settings that all requests
// share.
// Units: sizes in bytes, times in std::chrono.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/log.h"
#include "core/base/patience.h"
#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/address_policy.h"
#include "core/http/call_gate.h"
#include "core/http/host_policy.h"

namespace lookalike {

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers;  // "Accept: application/json"
  // When set, it is sent by POST as application/x-www-form-urlencoded. It follows no redirect: it may hold secrets.
  std::optional<std::string> form;
  int64_t max_bytes = 8 << 20;  // of a 2xx body, after decompression; others may have 64 KiB in any case
  AddressScope scope = AddressScope::internet;
  bool allow_plain_http = false;             // to other hosts than loopback
  int max_attempts = 0;                      // 0: as the client's options say
  std::chrono::milliseconds start_after{0};  // wait this long before the first attempt
  std::chrono::milliseconds timeout{0};      // of one attempt; 0: as the client's options say
  CallGate* gate = nullptr;                  // asked before each exchange; borrowed, outlives the client; may be null
  // Asked before each wait for the gate, for a host that rests, or for a Retry-After; null: waits as the options say.
  std::shared_ptr<Patience> patience = {};
  // When set, the body of a 2xx answer is handed over in pieces as it arrives and HttpResponse::body stays empty;
  // returning false ends the transfer with the error `interrupted`. An attempt that fails after the first piece is not
  // repeated: resuming is the caller's. Runs on the client's thread and must not throw.
  std::function<bool(std::string_view)> on_data;
};

struct HttpResponse {
  long status = 0;  // after redirects; every status is a response, also 404
  std::string body;
  std::map<std::string, std::string> headers;  // names in lower case, the last response's
  std::string effective_url;
};

struct HttpAnswer {
  // Errors: the gate's, usage (not a URL), network (also time-outs, refused addresses and schemes), bad_data (too
  // large, not HTTP, broken compression), interrupted (on_data said so), quota (the request had no patience to wait).
  // After the last attempt a 429 or 5xx is a response like others.
  Result<HttpResponse> response;
  TransferCost cost;  // requests: attempts that reached the service, each with its redirects
};

// Runs exactly once, on the client's thread, unless the client is destroyed first; must not throw.
using HttpDone = std::function<void(HttpAnswer)>;

struct HttpOptions {
  std::string user_agent;
  std::string proxy;                          // empty: the usual environment variables
  std::string ca_file;                        // empty: the system's
  std::chrono::milliseconds timeout{30'000};  // one attempt, all of it
  std::chrono::milliseconds connect_timeout{10'000};
  int retries = 3;                                   // after connection errors, 429 and 5xx, with back-off and jitter
  std::chrono::milliseconds max_retry_wait{60'000};  // a Retry-After longer than this is not waited for
  std::chrono::milliseconds first_retry_wait{500};   // upper bound of the first back-off; doubles each time
  std::chrono::milliseconds retry_for{300'000};      // no attempt begins later than this after the first
  // A host that has never been reached is given up after so long, whatever the other limits say.
  std::chrono::milliseconds first_contact{3'500};
  std::chrono::seconds stall_time{15};  // less than 256 bytes a second for so long ends an attempt
  int max_connections = 10;
  int max_connections_per_host = 10;
  std::vector<HostPolicy> host_policies;  // hosts with lower limits, or with a rate
  std::vector<std::string> resolve;       // "host:port:address", as curl --resolve: instead of asking DNS
  LogSink log;                            // may be empty
};

}  // namespace lookalike

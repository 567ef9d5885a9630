// Says in a person's words why a transfer failed and what to do next.
// Threads: free functions without state.
// Tested by tests/core/http/transfer_error_test.cc
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/http/url.h"

namespace lookalike {

struct FailedTransfer {
  CURLcode code = CURLE_OK;
  Url url;
  std::string proxy;       // empty: none in use
  std::string detail;      // libcurl's own message; may be empty
  long os_error = 0;       // errno of the failed connect, 0 when unknown
  long proxy_status = 0;   // of the answer to CONNECT, 0 when none
  bool resolved = false;   // the host's (or proxy's) address was known
  bool connected = false;  // the connection (with TLS) stood
  bool answered = false;   // at least one byte of the answer came
  int64_t bytes = 0;       // of the body, as transferred
  std::chrono::milliseconds elapsed{0};
};

// Whether the request can have reached the service: there was a connection, through a proxy as well.
bool was_sent(const FailedTransfer& failed);

// Names not resolved, connections refused or cut, time-outs, truncated bodies. Not: certificates, bad encodings.
bool is_transient_error(CURLcode code);

// Code network, or bad_data when the answer itself is broken.
Error describe_failure(const FailedTransfer& failed);

}  // namespace lookalike

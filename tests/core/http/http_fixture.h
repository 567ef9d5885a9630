// What the tests of HttpClient share: options that never wait long, and requests to this machine.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>

#include "core/http/http_client.h"

namespace lookalike::test {

// No test depends on how long something takes; this only ends a test that would hang.
inline constexpr std::chrono::seconds kHangLimit{30};

inline HttpOptions quick_options() {
  // A developer's own proxy shall not see the tests' made-up hosts.
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
    unsetenv(name);
  HttpOptions options;
  options.user_agent = "lookalike-test";
  options.first_retry_wait = std::chrono::milliseconds(1);
  options.timeout = std::chrono::seconds(20);
  return options;
}

inline HttpOptions patient_options(int retries, std::chrono::milliseconds timeout) {
  HttpOptions options = quick_options();
  options.retries = retries;
  options.timeout = timeout;
  return options;
}

inline HttpRequest local_request(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.scope = AddressScope::loopback;
  return request;
}

// The message of an error, or what came instead of one.
inline std::string message_of(const HttpAnswer& answer) {
  if (!answer.response.ok()) return answer.response.error().message;
  return "no error but status " + std::to_string(answer.response.value().status);
}

inline std::string text_response(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace lookalike::test

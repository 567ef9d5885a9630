// What a request may reach. Three gates, because each misses what the others see: its URL, before anything is sent and
// again at each redirect; the address, before a socket is opened (no packet leaves for a refused one, also when DNS
// names several); and the connection's real peer, before the request is sent (a pooled connection was opened under
// another request's scope).
// Threads: free functions without state; a guard belongs to the thread that drives the transfer.
// Tested by tests/core/http/connection_guard_test.cc and tests/core/http/http_client_safety_test.cc
#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/http/address_policy.h"
#include "core/http/http_message.h"
#include "core/http/url.h"

namespace lookalike {

// Refuses other schemes than http and https, plain http to other hosts than loopback unless the request allows it, and
// hosts that are themselves addresses outside the request's scope (that is all that can be seen through a proxy).
// Errors: network.
Status may_request(const Url& url, const HttpRequest& request);

// may_request, and no way back from https to http. Errors: network.
Status may_follow(const Url& from, const Url& to, const HttpRequest& request);

// The headers that may go to the redirect's target: at another origin those that look like credentials stay behind.
std::vector<std::string> headers_for_redirect(const std::vector<std::string>& headers, const Url& from, const Url& to);

// Refuses line breaks in headers, which would smuggle in further ones. Errors: usage.
Status check_headers(const std::vector<std::string>& headers);

// Keeps one transfer from talking to an address outside its scope.
class ConnectionGuard {
 public:
  struct Rules {
    AddressScope scope = AddressScope::internet;
    bool only_loopback = false;  // plain http was allowed because the host's name says that it is this machine
    bool proxied = false;        // the peer is the proxy that the user chose: exempt
  };

  explicit ConnectionGuard(Rules rules) : rules_(rules) {}
  ConnectionGuard(const ConnectionGuard&) = delete;
  ConnectionGuard& operator=(const ConnectionGuard&) = delete;

  // REQUIRES: this outlives the transfer.
  void attach(CURL* easy);

  // When the transfer failed because of us: which address, and why.
  std::optional<std::string> refusal() const;

 private:
  bool check(AddressKind kind, const std::string& address);
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int before_request(void* self, char* peer, char* own, int peer_port, int own_port);

  Rules rules_;
  bool let_one_pass_ = false;  // then a failure to connect is that address's, not ours
  bool cut_pooled_ = false;
  std::string refused_address_;
  AddressKind refused_kind_ = AddressKind::private_network;
};

}  // namespace lookalike

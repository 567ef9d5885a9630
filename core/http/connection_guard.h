// Keeps one transfer from talking to an address outside its scope. Two gates, because each misses what the other sees:
// before a socket is opened (no packet leaves for a refused address, also when DNS names several), and before a request
// is sent, on the connection's real peer (a pooled connection was opened under another request's scope).
// Threads: one, the one that drives the transfer.
// Tested by tests/core/http/http_client_safety_test.cc
#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>

#include "core/http/address_policy.h"

namespace lookalike {

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

#include "core/http/connection_guard.h"

#include <sys/socket.h>

namespace lookalike {

void ConnectionGuard::attach(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &ConnectionGuard::open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &ConnectionGuard::before_request);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
}

std::optional<std::string> ConnectionGuard::refusal() const {
  if (refused_address_.empty() || (let_one_pass_ && !cut_pooled_)) return std::nullopt;
  const bool not_loopback = rules_.only_loopback && refused_kind_ != AddressKind::loopback;
  return "refused to connect to " + refused_address_ + ": " + describe(refused_kind_) +
         (not_loopback ? ", though the name says that it is this machine" : "");
}

bool ConnectionGuard::check(AddressKind kind, const std::string& address) {
  const bool pass =
      rules_.proxied || (scope_allows(rules_.scope, kind) && (!rules_.only_loopback || kind == AddressKind::loopback));
  if (!pass) {
    refused_address_ = address;
    refused_kind_ = kind;
  }
  return pass;
}

curl_socket_t ConnectionGuard::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto* guard = static_cast<ConnectionGuard*>(self);
  const AddressKind kind = classify_address(&address->addr, address->addrlen);
  if (!guard->check(kind, address_text(&address->addr, address->addrlen))) return CURL_SOCKET_BAD;
  guard->let_one_pass_ = true;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int ConnectionGuard::before_request(void* self, char* peer, char*, int, int) {
  auto* guard = static_cast<ConnectionGuard*>(self);
  const std::string address = peer == nullptr ? "" : peer;
  // An unreadable peer counts as private: better one failed request than one unchecked.
  if (guard->check(classify_literal(address).value_or(AddressKind::private_network), address))
    return CURL_PREREQFUNC_OK;
  if (guard->refused_address_.empty()) guard->refused_address_ = "an unknown address";
  guard->cut_pooled_ = true;
  return CURL_PREREQFUNC_ABORT;
}

}  // namespace lookalike

#include "core/http/connection_guard.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

Error refused(std::string message) {
  return {ErrorCode::network, std::move(message)};
}

Status check_literal(const Url& url, AddressScope scope) {
  std::optional<AddressKind> kind = classify_literal(url.host);
  if (!kind && is_loopback_host(url.host)) kind = AddressKind::loopback;
  if (!kind || scope_allows(scope, *kind)) return {};
  return refused("refused to connect to " + url.host + ": " + describe(*kind));
}

bool looks_like_credentials(std::string_view header) {
  constexpr std::array<std::string_view, 7> kParts{"auth", "cookie", "key", "token", "secret", "session", "password"};
  const std::string name = ascii_lower(header.substr(0, header.find_first_of(":;")));
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return name.find(part) != std::string::npos; });
}

}  // namespace

Status may_request(const Url& url, const HttpRequest& request) {
  if (url.scheme != "http" && url.scheme != "https") {
    return refused(
        fmt::format("refused a URL with the scheme '{}': only http and https are fetched", terminal_safe(url.scheme)));
  }
  if (Status literal = check_literal(url, request.scope); !literal) return literal;
  if (url.scheme == "http" && !request.allow_plain_http && !is_loopback_host(url.host)) {
    return refused(fmt::format("refused plain http to {}: what is sent could be read on the way; use https",
                               terminal_safe(host_and_port(url))));
  }
  return {};
}

Status may_follow(const Url& from, const Url& to, const HttpRequest& request) {
  if (Status allowed = may_request(to, request); !allowed) {
    return refused(terminal_safe(host_and_port(from)) + " redirects elsewhere: " + allowed.error().message);
  }
  if (from.scheme == "https" && to.scheme == "http") {
    return refused(fmt::format("refused a redirect of {} from https to plain http ({})",
                               terminal_safe(host_and_port(from)), terminal_safe(host_and_port(to))));
  }
  return {};
}

std::vector<std::string> headers_for_redirect(const std::vector<std::string>& headers, const Url& from, const Url& to) {
  if (origin(from) == origin(to)) return headers;
  std::vector<std::string> kept;
  std::remove_copy_if(headers.begin(), headers.end(), std::back_inserter(kept), looks_like_credentials);
  return kept;
}

Status check_headers(const std::vector<std::string>& headers) {
  for (const std::string& header : headers) {
    if (header.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos) continue;
    const std::string name = terminal_safe(header.substr(0, header.find(':')));
    return Error{ErrorCode::usage, "the header '" + name + "' holds a line break: give it on one line"};
  }
  return {};
}

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
         (not_loopback ? ", although its name means this machine" : "");
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

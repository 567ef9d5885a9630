#include "core/http/url_policy.h"

#include <algorithm>
#include <array>
#include <optional>

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
    return refused("refused a URL with the scheme '" + terminal_safe(url.scheme) +
                   "': only http and https are fetched");
  }
  if (Status literal = check_literal(url, request.scope); !literal) return literal;
  if (url.scheme == "http" && !request.allow_plain_http && !is_loopback_host(url.host)) {
    return refused("refused plain http to " + terminal_safe(host_and_port(url)) +
                   ": what is sent could be read on the way; use https");
  }
  return {};
}

Status may_follow(const Url& from, const Url& to, const HttpRequest& request) {
  if (Status allowed = may_request(to, request); !allowed) {
    return refused(terminal_safe(host_and_port(from)) + " redirects elsewhere: " + allowed.error().message);
  }
  if (from.scheme == "https" && to.scheme == "http") {
    return refused("refused a redirect of " + terminal_safe(host_and_port(from)) + " from https to plain http (" +
                   terminal_safe(host_and_port(to)) + ")");
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

std::string host_and_port(const Url& url) {
  const bool v6 = url.host.find(':') != std::string::npos;
  return (v6 ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port);
}

std::string origin(const Url& url) {
  return url.scheme + "://" + host_and_port(url);
}

}  // namespace lookalike

#include "providers/common/endpoint.h"

#include "core/base/text/text.h"
#include "core/http/address_policy.h"
#include "core/http/url.h"

namespace lookalike {
namespace {

// Names that only a private network's own resolver knows.
bool is_private_name(std::string_view host) {
  if (host.find('.') == std::string_view::npos) return true;
  for (const std::string_view suffix : {".local", ".lan", ".internal", ".home.arpa"}) {
    if (host.ends_with(suffix)) return true;
  }
  return false;
}

}  // namespace

AddressScope scope_of_host(std::string_view host) {
  if (is_loopback_host(host)) return AddressScope::loopback;
  if (const auto kind = classify_literal(host)) {
    return *kind == AddressKind::internet ? AddressScope::internet : AddressScope::any;
  }
  return is_private_name(ascii_lower(host)) ? AddressScope::any : AddressScope::internet;
}

Result<Endpoint> make_endpoint(std::string_view given, std::string_view own) {
  const std::string_view address = given.empty() ? own : given;
  const Result<Url> url = parse_url(address);
  if (!url) return url.error();
  if (url->scheme != "https" && url->scheme != "http") {
    return Error{ErrorCode::usage, "--endpoint " + redacted_url(address) + " is not an http or https URL"};
  }
  if (url->scheme == "http" && !is_loopback_host(url->host)) {
    return Error{ErrorCode::usage, "--endpoint " + redacted_url(address) +
                                       " would send the key unencrypted: use https (plain http is only for a loopback "
                                       "address such as http://127.0.0.1:8080/)"};
  }
  return Endpoint{url->address, scope_of_host(url->host)};
}

}  // namespace lookalike

// What a service is given by its user: the address where it is asked, the key, the level of --safe, and the text.
// A key must not travel in the clear, so plain http is for loopback addresses only; and only an address in a private
// network that the user typed opens private networks to the requests.
// A text keeps nothing that a query language could take for an operator. Search engines give a meaning to - + | " * ?
// ( ) ~ : ! / \ and the like, and strangers write tags.
// Threads: free functions without state.
// Tested by tests/providers/common/service_request_test.cc
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/http/http_client.h"

namespace lookalike {

struct Endpoint {
  std::string url;
  AddressScope scope = AddressScope::internet;  // of the API and of the images that its answers name
};

// `given` may be empty: then the service's `own` address. Errors: usage (no http(s) URL, plain http over a network).
Result<Endpoint> make_endpoint(std::string_view given, std::string_view own);

// The scope that an address typed by the user asks for: loopback, any (private address literals and names that only a
// private network has), else internet.
AddressScope scope_of_host(std::string_view host);

// The key, trimmed. Errors: auth (none, or characters that no key has), with the variable of the environment that takes
// one and where to get one; the key is not shown.
Result<std::string> checked_api_key(std::string_view given, const std::string& service, const std::string& variable,
                                    const std::string& where);

enum class SafeLevel { strict, moderate, off };

// Empty: strict. Errors: usage.
Result<SafeLevel> parse_safe_level(std::string_view text);

// The words of a text, in order: control characters and ASCII punctuation part them, but for - ' _ . & between two
// other characters ("well-known", "o'hara", "d.c"). Every script is kept.
std::vector<std::string> words_to_ask(std::string_view text);

// Those words joined by `separator`, as many as fit into `max_code_points`; a first word that is too long is cut.
// Errors: usage when no word is left.
Result<std::string> query_text(std::string_view text, size_t max_code_points, std::string_view separator = " ");

}  // namespace lookalike

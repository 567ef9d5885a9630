// Where a service's API is asked: its own address, or one that the user gave with --endpoint.
// A key must not travel in the clear, so plain http is for loopback addresses only; and only an address in a private
// network that the user typed opens private networks to the requests.
// Threads: free functions without state.
// Tested by tests/providers/common/endpoint_test.cc
#pragma once

#include <string>
#include <string_view>

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

}  // namespace lookalike

// Which URLs may be requested, and which redirects followed, judged by the URL alone; addresses behind names are
// judged by connection_guard.h.
// Threads: free functions without state.
// Tested by tests/core/http/url_policy_test.cc
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/http/http_client.h"
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

// "api.example.org:443", with brackets around IPv6.
std::string host_and_port(const Url& url);

// What shares a limit on connections: scheme, host and port.
std::string origin(const Url& url);

}  // namespace lookalike

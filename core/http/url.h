// URLs, taken apart and put together by libcurl's own parser.
// Threads: free functions without state.
// Tested by tests/core/http/url_test.cc
#pragma once

#include <locale.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

struct Url {
  std::string scheme;  // lower case
  std::string host;    // without brackets; of a name in another script the form that DNS knows, "xn--…"
  int port = 0;        // the scheme's own when the URL names none
  std::string path;
  std::string query;    // without '?', still encoded
  std::string address;  // the whole as it is fetched: as given, or in ASCII when that held anything else
};

// UTF-8; host names in any script (IDNA 2008 with UTS 46's mapping). Errors: usage with the text in question
// (credentials masked).
Result<Url> parse_url(std::string_view text);

// RFC 3986 percent-encoding of everything but unreserved characters; UTF-8 stays bytes.
std::string percent_encode(std::string_view text);

// Appends the parameters, encoded, to a URL with or without a query of its own.
std::string with_query(std::string_view url, const std::vector<std::pair<std::string, std::string>>& parameters);

// "api.example.org:443", with brackets around IPv6.
std::string host_and_port(const Url& url);

// Scheme, host and port: what shares connections, and a limit on them.
std::string origin(const Url& url);

// "127.0.0.1", any of 127/8, "::1", "localhost" and names under .localhost.
bool is_loopback_host(std::string_view host);

// The URL fit for a log: the values of api_key, key, token, client_secret and their like, and user:password,
// replaced by "***".
std::string redacted_url(std::string_view url);

// Makes libcurl read host names as UTF-8: it asks libidn2, which takes text to be in the locale's encoding, and a
// program has "C" there until it asks for another. The locale is this thread's alone, so no other part sees a change.
// The HTTP loop needs it for the name of a proxy; parse_url() asks libidn2 itself.
// Threads: each instance on the thread that made it.
class Utf8Locale {
 public:
  Utf8Locale() : before_(uselocale(utf8())) {}
  ~Utf8Locale() { uselocale(before_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  // Null, which changes nothing, where there is no such locale: then only names in ASCII work.
  static locale_t utf8() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
  }

  const locale_t before_;
};

}  // namespace lookalike

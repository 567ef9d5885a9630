// Any address, as a provider's answer or a redirect may name it: no crash, and none that leads into a private network
// or to another scheme is let through. `./dev fuzz url`
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/http/address_policy.h"
#include "core/http/connection_guard.h"
#include "core/http/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto to = lookalike::parse_url(bytes);
  (void)lookalike::redacted_url(bytes);
  if (!to.ok()) return 0;
  const lookalike::HttpRequest request{.url = std::string(bytes), .scope = lookalike::AddressScope::internet};
  const lookalike::Url from{.scheme = "https", .host = "example.org", .port = 443, .path = "/", .query = ""};
  const bool allowed = lookalike::may_request(*to, request).ok();
  if (allowed && to->scheme != "https" && to->scheme != "http") __builtin_trap();
  const auto kind = lookalike::classify_literal(to->host);
  if (allowed && kind && *kind != lookalike::AddressKind::internet) __builtin_trap();
  if (lookalike::may_follow(from, *to, request).ok() && to->scheme != "https") __builtin_trap();
  return 0;
}

#include "core/http/proxy_choice.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/base/text/numbers.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

std::string first_set(const ProxyChoice::Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (std::string value = environment(name); !value.empty()) return value;
  }
  return {};
}

std::vector<std::string> exempt_hosts(std::string text) {
  std::replace(text.begin(), text.end(), ' ', ',');
  std::vector<std::string> hosts;
  for (const std::string& part : split(text, ',')) {
    std::string host = ascii_lower(trim(part));
    if (host.starts_with('.')) host.erase(0, 1);
    if (host.ends_with('.')) host.pop_back();
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (!host.empty()) hosts.push_back(std::move(host));
  }
  return hosts;
}

struct NumericAddress {
  std::array<unsigned char, 16> bytes{};
  int bits = 0;  // 32 or 128
};

std::optional<NumericAddress> numeric_address(std::string_view text) {
  const std::string copy(text);
  NumericAddress address;
  if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) {
    address.bits = 32;
  } else if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) {
    address.bits = 128;
  } else {
    return std::nullopt;
  }
  return address;
}

bool same_prefix(const NumericAddress& a, const NumericAddress& b, int bits) {
  for (int bit = 0; bit < bits; ++bit) {
    const auto byte = static_cast<size_t>(bit / 8);
    if ((a.bytes[byte] ^ b.bytes[byte]) >> (7 - bit % 8) & 1) return false;
  }
  return true;
}

// `rule`: an address or a block such as 10.0.0.0/8.
bool matches_address(const NumericAddress& host, std::string_view rule) {
  const size_t slash = std::min(rule.find('/'), rule.size());
  const std::optional<NumericAddress> block = numeric_address(rule.substr(0, slash));
  if (!block || block->bits != host.bits) return false;
  int bits = block->bits;
  if (slash < rule.size()) {
    bits = parse_number<int>(rule.substr(slash + 1)).value_or(-1);
    if (bits < 0 || bits > block->bits) return false;
  }
  return same_prefix(host, *block, bits);
}

bool matches_name(std::string_view host, std::string_view rule) {
  if (!host.ends_with(rule)) return false;
  return host.size() == rule.size() || host[host.size() - rule.size() - 1] == '.';
}

}  // namespace

ProxyChoice::ProxyChoice(std::string explicit_proxy, const Environment& environment)
    : explicit_(!explicit_proxy.empty()) {
  if (explicit_) {
    http_ = https_ = std::move(explicit_proxy);
    return;
  }
  // HTTP_PROXY in capitals is left out on purpose: a web server sets it from a client's "Proxy:" header.
  http_ = first_set(environment, {"http_proxy", "all_proxy", "ALL_PROXY"});
  https_ = first_set(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  exempt_ = exempt_hosts(first_set(environment, {"no_proxy", "NO_PROXY"}));
}

const std::string& ProxyChoice::proxy_for(const Url& url) const {
  const std::string& proxy = url.scheme == "https" ? https_ : http_;
  if (explicit_ || proxy.empty()) return proxy;
  return is_loopback_host(url.host) || is_exempt(url.host) ? none_ : proxy;
}

std::string ProxyChoice::process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool ProxyChoice::is_exempt(std::string_view host) const {
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::optional<NumericAddress> address = numeric_address(host);
  return std::any_of(exempt_.begin(), exempt_.end(), [&](const std::string& rule) {
    return rule == "*" || (address ? matches_address(*address, rule) : matches_name(host, rule));
  });
}

}  // namespace lookalike

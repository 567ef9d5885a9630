#include "core/http/host_policy.h"

#include <string_view>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

bool covers(const HostPolicy& policy, std::string_view host) {
  if (!host.ends_with(policy.host)) return false;
  return host.size() == policy.host.size() || host[host.size() - policy.host.size() - 1] == '.';
}

}  // namespace

std::string limit_group(const Url& url, std::span<const HostPolicy> policies) {
  std::string host = ascii_lower(url.host);
  if (host.ends_with('.')) host.pop_back();  // the name written out to the root
  const HostPolicy* closest = nullptr;
  for (const HostPolicy& policy : policies) {
    if (covers(policy, host) && (closest == nullptr || policy.host.size() > closest->host.size())) closest = &policy;
  }
  return closest == nullptr ? origin(url) : closest->host;
}

}  // namespace lookalike

// Decides for each URL whether a proxy is used, and which. We decide instead of libcurl because the address check must
// know for certain whether a connection leads to a proxy, which is exempt, or to a host.
// Rules: an explicit proxy serves every URL. Else the environment as curl reads it: http_proxy (lower case only),
// https_proxy, all_proxy and no_proxy (also in capitals); loopback hosts are then reached directly.
// Threads: immutable after construction.
// Tested by tests/core/http/proxy_choice_test.cc
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/url.h"

namespace lookalike {

class ProxyChoice {
 public:
  // The value of an environment variable, empty when unset.
  using Environment = std::function<std::string(const char* name)>;

  // Reads the environment once, here.
  explicit ProxyChoice(std::string explicit_proxy, const Environment& environment = process_environment);

  // The proxy's URL; empty: connect directly.
  const std::string& proxy_for(const Url& url) const;

  static std::string process_environment(const char* name);

 private:
  bool is_exempt(std::string_view host) const;

  bool explicit_ = false;
  std::string none_;
  std::string http_;
  std::string https_;
  std::vector<std::string> exempt_;  // no_proxy: names, addresses, CIDR blocks, "*"
};

}  // namespace lookalike

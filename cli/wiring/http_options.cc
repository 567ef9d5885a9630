#include "cli/wiring/http_options.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "cli/version.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr std::chrono::milliseconds kConnectTimeLimit{10'000};

std::string default_user_agent(const std::string& contact) {
  const std::string who = terminal_safe(contact);
  return std::string("lookalike/") + kVersion + " (" + (who.empty() ? "" : who + "; ") +
         "command-line image search by its user; libcurl)";
}

}  // namespace

std::chrono::milliseconds request_time_limit(const NetworkOptions& network) {
  return std::chrono::milliseconds(static_cast<int64_t>(network.timeout_seconds * 1000));
}

bool says_contact(const NetworkOptions& network) {
  const std::string& who = network.user_agent.empty() ? network.contact : network.user_agent;
  return who.find('@') != std::string::npos || who.find("://") != std::string::npos;
}

HttpOptions http_options(const NetworkOptions& network, int parallel, const LogSink& log) {
  return {.user_agent = network.user_agent.empty() ? default_user_agent(network.contact) : network.user_agent,
          .proxy = network.proxy,
          .ca_file = network.ca_file,
          .timeout = request_time_limit(network),
          .connect_timeout = std::min(request_time_limit(network), kConnectTimeLimit),
          .retries = network.retries,
          .max_connections = parallel,
          .max_connections_per_host = parallel,
          .log = log};
}

HttpOptions http_options_for(std::span<const ProviderSettings> sources, const NetworkOptions& network, int parallel,
                             const LogSink& log) {
  HttpOptions options = http_options(network, parallel, log);
  for (const ProviderSettings& source : sources) {
    const auto info = find_provider(source.provider);
    if (info.ok()) std::ranges::copy((*info)->host_policies, std::back_inserter(options.host_policies));
  }
  return options;
}

}  // namespace lookalike

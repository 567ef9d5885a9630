#include "cli/wiring/hourly_calls.h"

#include <cctype>
#include <optional>
#include <utility>

#include "cli/options/user_folders.h"
#include "core/http/url.h"
#include "core/quota/redis_ledger.h"

namespace lookalike {
namespace {

bool is_on_this_machine(const std::string& endpoint) {
  const auto url = parse_url(endpoint);
  return url.ok() && is_loopback_host(url->host);
}

// 0: count only. Nothing: do not even count.
std::optional<int> hourly_limit(std::optional<int> asked, const ProviderInfo& info, const std::string& endpoint) {
  if (asked.value_or(0) > 0) return asked;
  if (info.calls_per_hour == 0 || is_on_this_machine(endpoint)) return std::nullopt;
  return asked.value_or(info.calls_per_hour);
}

std::string display_name(std::string_view name) {
  std::string shown(name);
  if (!shown.empty()) shown[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(shown[0])));
  return shown;
}

// Null when none was named.
std::shared_ptr<SharedLedger> remote_ledger(const std::string& address) {
  if (address.empty()) return nullptr;
  const auto parsed = parse_redis_address(address);
  if (!parsed.ok()) return nullptr;
  auto ledger = open_redis_ledger(*parsed);
  return ledger.ok() ? std::shared_ptr<SharedLedger>(*std::move(ledger)) : nullptr;
}

}  // namespace

std::unique_ptr<HourlyQuota> make_hourly_quota(const SourceOptions& options, const ProviderSettings& settings,
                                               const Environment& environment, const Clock& clock, LogSink log) {
  const auto info = find_provider(settings.provider);
  if (!info.ok()) return nullptr;
  const auto limit = hourly_limit(options.hourly_calls, **info, settings.endpoint);
  if (!limit) return nullptr;
  const auto folder = state_folder(environment);
  HourlyQuota::Settings quota{.service = display_name((*info)->name),
                              .account = std::string((*info)->name) + '\n' + settings.api_key,
                              .limit = *limit,
                              .ledger = folder.empty() ? folder : folder / "calls.db"};
  quota.remote = remote_ledger(options.quota);
  return std::make_unique<HourlyQuota>(std::move(quota), clock, std::move(log));
}

}  // namespace lookalike

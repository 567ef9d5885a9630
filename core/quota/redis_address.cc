#include <fmt/format.h>

#include <optional>

#include "core/base/text/numbers.h"
#include "core/quota/redis_ledger.h"

namespace lookalike {
namespace {

std::optional<int> number_in(std::string_view text, int most) {
  const auto number = parse_number<int>(text);
  return number && *number >= 0 && *number <= most ? number : std::nullopt;
}

Error not_an_address() {
  return {ErrorCode::usage, "takes redis://HOST[:PORT][/DATABASE], such as redis://127.0.0.1:6379/0"};
}

// What stands before `end`, which is dropped with it; nothing when it does not occur.
std::optional<std::string_view> cut_before_last(std::string_view& text, char end) {
  const size_t at = text.rfind(end);
  if (at == std::string_view::npos) return std::nullopt;
  const auto before = text.substr(0, at);
  text.remove_prefix(at + 1);
  return before;
}

}  // namespace

std::string RedisAddress::shown() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}/{}", host, port, database) : fmt::format("{}:{}/{}", host, port, database);
}

Result<RedisAddress> parse_redis_address(std::string_view text) {
  constexpr std::string_view kScheme = "redis://";
  if (!text.starts_with(kScheme)) return not_an_address();
  text.remove_prefix(kScheme.size());
  RedisAddress address;
  if (const auto credentials = cut_before_last(text, '@')) {
    const size_t colon = credentials->find(':');
    if (colon == std::string_view::npos) return not_an_address();
    address.user = credentials->substr(0, colon);
    address.password = credentials->substr(colon + 1);
  }
  if (const size_t slash = text.find('/'); slash != std::string_view::npos) {
    const auto database = slash + 1 == text.size() ? std::optional(0) : number_in(text.substr(slash + 1), 1'000'000);
    if (!database) return not_an_address();
    address.database = *database;
    text = text.substr(0, slash);
  }
  std::string_view port;
  const size_t bracket = text.starts_with('[') ? text.find(']') : std::string_view::npos;
  if (bracket != std::string_view::npos) {
    address.host = text.substr(1, bracket - 1);
    port = text.substr(bracket + 1);
  } else {
    const size_t colon = text.find(':');
    address.host = text.substr(0, colon);
    port = colon == std::string_view::npos ? "" : text.substr(colon);
  }
  if (!port.empty()) {
    const auto number = port.starts_with(':') ? number_in(port.substr(1), 65535) : std::nullopt;
    if (!number || *number == 0) return not_an_address();
    address.port = *number;
  }
  if (address.host.empty()) return not_an_address();
  return address;
}

}  // namespace lookalike

#include "core/http/retry_policy.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLongest = std::chrono::hours(24 * 365);  // keeps hostile numbers from overflowing

std::optional<milliseconds> parse_seconds(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc::result_out_of_range) return kLongest;
  return std::min<seconds>(seconds(count), kLongest);
}

std::optional<milliseconds> parse_date(std::string_view text, std::chrono::system_clock::time_point now) {
  // libcurl reads many things as dates ("-5" among them); every HTTP date begins with a day's name.
  const bool begins_with_letter = (text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z');
  if (!begins_with_letter) return std::nullopt;
  const time_t date = curl_getdate(std::string(text).c_str(), nullptr);
  if (date == -1) return std::nullopt;
  const seconds wait = seconds(date) - std::chrono::floor<seconds>(now.time_since_epoch());
  return std::clamp<seconds>(wait, seconds(0), kLongest);
}

// min(max_wait, first_wait * 2^(number - 1))
milliseconds back_off_bound(const RetryRules& rules, int number) {
  milliseconds bound = rules.first_wait;
  for (int i = 1; i < number && bound < rules.max_wait; ++i)
    bound *= 2;
  return std::min(bound, rules.max_wait);
}

}  // namespace

bool is_transient_status(long status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

std::optional<milliseconds> parse_retry_after(std::string_view value, std::chrono::system_clock::time_point now) {
  const std::string_view text = trim(value);
  if (text.empty() || text.size() > 64) return std::nullopt;
  if (const auto wait = parse_seconds(text)) return wait;
  return parse_date(text, now);
}

milliseconds back_off(const RetryRules& rules, int number, Random& random) {
  const auto bound = static_cast<double>(back_off_bound(rules, number).count());
  return milliseconds(static_cast<int64_t>((0.5 + random.uniform() / 2) * bound));
}

std::optional<milliseconds> retry_wait(const RetryRules& rules, const FailedAttempt& failed, Random& random) {
  if (!failed.transient || failed.number >= rules.max_attempts) return std::nullopt;
  if (failed.retry_after && *failed.retry_after > rules.max_wait) return std::nullopt;
  const auto bound = static_cast<double>(back_off_bound(rules, failed.number).count());
  const milliseconds jittered(static_cast<int64_t>(random.uniform() * bound));
  return std::max(jittered, failed.retry_after.value_or(milliseconds(0)));
}

}  // namespace lookalike

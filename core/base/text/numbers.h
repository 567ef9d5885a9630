// Numbers and durations, from text and to text.
// Threads: free functions without state.
// Tested by tests/core/base/text/numbers_test.cc
#pragma once

#include <charconv>
#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace lookalike {

// The number that the whole text is; nothing when it is none, is too large for the type, or has anything before or
// behind it. No '+', no spaces; of floating numbers also "1e-3", "inf" and "nan".
template <std::integral Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}
template <std::floating_point Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

// "12 min 30 s", "1 h 5 min", "3 s"; rounded up to whole seconds, so that who waits so long has waited long enough.
// From an hour on to whole minutes. Nothing and less is "0 s".
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace lookalike

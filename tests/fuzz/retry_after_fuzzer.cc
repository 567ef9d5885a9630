// Any value of a Retry-After header: no crash, and no wait below zero or beyond a year. `./dev fuzz retry_after`
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/http/retry_policy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  using std::chrono::milliseconds;
  const std::chrono::system_clock::time_point now{std::chrono::seconds(1'800'000'000)};
  const auto wait = lookalike::parse_retry_after(bytes, now);
  if (wait && (*wait < milliseconds(0) || *wait > std::chrono::hours(24 * 366))) __builtin_trap();
  return 0;
}

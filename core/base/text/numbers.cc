#include "core/base/text/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace lookalike {
namespace {

std::string two_units(int64_t large, const char* large_unit, int64_t small, const char* small_unit) {
  if (small == 0) return fmt::format("{}{}", large, large_unit);
  return fmt::format("{}{} {}{}", large, large_unit, small, small_unit);
}

}  // namespace

std::string duration_text(std::chrono::milliseconds duration) {
  const int64_t seconds = std::max<int64_t>(0, std::chrono::ceil<std::chrono::seconds>(duration).count());
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return two_units(seconds / 60, " min", seconds % 60, " s");
  const int64_t minutes = (seconds + 59) / 60;
  return two_units(minutes / 60, " h", minutes % 60, " min");
}

}  // namespace lookalike

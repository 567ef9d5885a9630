// Any bytes as a tag or a title: no crash, and cleaning what is clean changes nothing. `./dev fuzz text`
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string valid = lookalike::valid_utf8(bytes);
  if (lookalike::valid_utf8(valid) != valid) __builtin_trap();
  const std::string safe = lookalike::terminal_safe(bytes);
  if (lookalike::terminal_safe(safe) != safe) __builtin_trap();
  const std::string key = lookalike::tag_key(bytes);
  if (lookalike::tag_key(key) != key) __builtin_trap();
  if (lookalike::display_width(lookalike::fit_width(safe, 20)) > 20) __builtin_trap();
  return 0;
}

// Any bytes as a tag, a title or a text file: no crash, and cleaning what is clean changes nothing. `./dev fuzz text`
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/files/file.h"
#include "core/base/text/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string valid = lookalike::valid_utf8(bytes);
  if (lookalike::valid_utf8(valid) != valid) __builtin_trap();
  const std::string safe = lookalike::terminal_safe(bytes);
  if (lookalike::terminal_safe(safe) != safe) __builtin_trap();
  const std::string key = lookalike::tag_key(bytes);
  if (lookalike::tag_key(key) != key) __builtin_trap();
  if (lookalike::display_width(lookalike::fit_width(safe, 20)) > 20) __builtin_trap();
  if (const auto plain = lookalike::plain_text(std::string(bytes)); plain.ok()) {
    if (plain->find('\0') != std::string::npos) __builtin_trap();
    for (const std::string_view line : lookalike::text_lines(*plain)) {
      if (line.find('\n') != std::string_view::npos) __builtin_trap();
    }
  }
  return 0;
}

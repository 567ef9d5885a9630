// What the streams are connected to, and what may be sent there.
#pragma once

#include <string>
#include <string_view>

namespace lookalike {

enum class ColorChoice { automatic, always, never };

struct Terminal {
  bool is_terminal = false;
  bool color = false;
  int columns = 80;
};

// `fd` is 1 or 2. NO_COLOR and TERM=dumb are obeyed unless color is asked for.
Terminal inspect_terminal(int fd, ColorChoice choice);

enum class Style { bold, dim, good, bad };
// The text in escape sequences when the terminal takes colour, else as it is.
std::string styled(std::string_view text, Style style, const Terminal& terminal);

}  // namespace lookalike

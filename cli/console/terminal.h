// What the streams are connected to, what may be sent there, and the line on a terminal that tells of progress.
// Tested by tests/cli/console/terminal_test.cc
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

// A line on standard error that is written over again and again, and is gone at the end. Nothing is shown where that is
// no terminal.
// Threads: one at a time.
class StatusLine {
 public:
  explicit StatusLine(const Terminal& err) : terminal_(err) {}
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  // Cut to the terminal's width.
  void show(const std::string& text);
  // To be called before anything else is written to standard error.
  void clear();

 private:
  Terminal terminal_;
  bool is_shown_ = false;
};

}  // namespace lookalike

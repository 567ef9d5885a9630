#include "cli/console/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

int width_of(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

constexpr const char* kBackToStartAndErase = "\r\x1b[K";

const char* code_of(Style style) {
  switch (style) {
    case Style::bold: return "1";
    case Style::dim: return "2";
    case Style::good: return "32";
    case Style::bad: return "31";
  }
  return "0";
}

}  // namespace

Terminal inspect_terminal(int fd, ColorChoice choice) {
  Terminal terminal;
  const bool dumb = environment("TERM") == "dumb";
  terminal.is_terminal = isatty(fd) == 1 && !dumb;
  terminal.color = terminal.is_terminal && environment("NO_COLOR").empty();
  if (choice != ColorChoice::automatic) terminal.color = choice == ColorChoice::always;
  if (terminal.is_terminal) terminal.columns = width_of(fd);
  return terminal;
}

std::string styled(std::string_view text, Style style, const Terminal& terminal) {
  if (!terminal.color) return std::string(text);
  return "\x1b[" + std::string(code_of(style)) + "m" + std::string(text) + "\x1b[0m";
}

void StatusLine::show(const std::string& text) {
  if (!terminal_.is_terminal) return;
  std::fprintf(stderr, "%s%s", kBackToStartAndErase, fit_width(text, terminal_.columns - 1).c_str());
  std::fflush(stderr);
  is_shown_ = true;
}

void StatusLine::clear() {
  if (!std::exchange(is_shown_, false)) return;
  std::fputs(kBackToStartAndErase, stderr);
  std::fflush(stderr);
}

}  // namespace lookalike

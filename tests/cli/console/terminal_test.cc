#include "cli/console/terminal.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

namespace lookalike {
namespace {

using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

// A pseudo terminal, which a process may open without being one's session.
class PseudoTerminal {
 public:
  PseudoTerminal() : fd_(::posix_openpt(2)) {}
  ~PseudoTerminal() { ::close(fd_); }
  int fd() const { return fd_; }

 private:
  int fd_;
};

class TerminalTest : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TERM", "xterm", 1);
    ::unsetenv("NO_COLOR");
  }
  PseudoTerminal pty_;
};

TEST_F(TerminalTest, APipeIsNone) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Terminal terminal = inspect_terminal(ends[1], ColorChoice::automatic);
  EXPECT_FALSE(terminal.is_terminal);
  EXPECT_FALSE(terminal.color);
  EXPECT_EQ(terminal.columns, 80);
  EXPECT_TRUE(inspect_terminal(ends[1], ColorChoice::always).color);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(TerminalTest, TakesColourUnlessTheEnvironmentSaysNo) {
  if (pty_.fd() < 0) GTEST_SKIP() << "there are no pseudo terminals here";
  EXPECT_TRUE(inspect_terminal(pty_.fd(), ColorChoice::automatic).color);
  EXPECT_FALSE(inspect_terminal(pty_.fd(), ColorChoice::never).color);
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(inspect_terminal(pty_.fd(), ColorChoice::automatic).color);
  EXPECT_TRUE(inspect_terminal(pty_.fd(), ColorChoice::automatic).is_terminal);
}

TEST_F(TerminalTest, ADumbOneIsNone) {
  if (pty_.fd() < 0) GTEST_SKIP() << "there are no pseudo terminals here";
  ::setenv("TERM", "dumb", 1);
  EXPECT_FALSE(inspect_terminal(pty_.fd(), ColorChoice::automatic).is_terminal);
}

TEST(Styled, IsPlainWithoutColour) {
  EXPECT_EQ(styled("text", Style::bold, {}), "text");
  EXPECT_EQ(styled("text", Style::bad, {.color = true}), "\x1b[31mtext\x1b[0m");
}

TEST(StatusLine, IsWrittenOverAndGoneAtTheEnd) {
  CaptureStderr();
  {
    StatusLine line({.is_terminal = true, .columns = 9});
    line.show("one");
    line.show("much too long");
  }
  const std::string sent = GetCapturedStderr();
  EXPECT_TRUE(sent.starts_with("\r\x1b[Kone\r\x1b[K")) << sent;
  EXPECT_EQ(sent.find("too long"), std::string::npos) << "it would wrap, and stay";
  EXPECT_TRUE(sent.ends_with("\r\x1b[K"));
}

TEST(StatusLine, IsNotShownWhereThereIsNoTerminal) {
  CaptureStderr();
  {
    StatusLine line({});
    line.show("one");
  }
  EXPECT_EQ(GetCapturedStderr(), "");
}

}  // namespace
}  // namespace lookalike

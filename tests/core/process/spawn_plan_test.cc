#include "core/process/spawn_plan.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

extern char** environ;

namespace lookalike {
namespace {

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 256> buffer;
  for (ssize_t got = 0; (got = ::read(descriptor, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<size_t>(got));
  return text;
}

TEST(Pipe, LeadsFromOneEndToTheOtherAndIsClosedOnExec) {
  Pipe pipe;
  ASSERT_TRUE(pipe.ok());
  EXPECT_TRUE(::fcntl(pipe.reader.get(), F_GETFD) & FD_CLOEXEC);
  EXPECT_TRUE(::fcntl(pipe.writer.get(), F_GETFD) & FD_CLOEXEC);
  ASSERT_EQ(::write(pipe.writer.get(), "word", 4), 4);
  pipe.writer.reset();
  EXPECT_EQ(read_all(pipe.reader.get()), "word");
}

TEST(SpawnPlan, StartsAProgramInAGroupOfItsOwn) {
  Pipe output;
  SpawnPlan plan;
  ASSERT_TRUE(plan.set_group_and_signals());
  ASSERT_EQ(::posix_spawn_file_actions_adddup2(plan.actions(), output.writer.get(), STDOUT_FILENO), 0);
  std::string shell = "sh";
  std::string flag = "-c";
  std::string command = "read -r line < /proc/$$/stat; set -- $line; echo $1 $5";  // its number and its group's
  const std::array<char*, 4> arguments{shell.data(), flag.data(), command.data(), nullptr};
  pid_t pid = 0;
  ASSERT_EQ(::posix_spawn(&pid, "/bin/sh", plan.actions(), plan.attributes(), arguments.data(), environ), 0);
  output.writer.reset();
  EXPECT_EQ(read_all(output.reader.get()), std::to_string(pid) + " " + std::to_string(pid) + "\n");
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace lookalike

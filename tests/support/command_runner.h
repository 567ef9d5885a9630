// Runs a program as a user would: arguments, environment and standard input in, both outputs and exit status out.
// Threads: a RunningCommand belongs to one.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace lookalike::test {

struct CommandResult {
  int exit = -1;      // 128 + signal when a signal ended it
  long peak_kib = 0;  // most memory that it held at once
  std::string out;
  std::string err;
};

struct CommandOptions {
  std::map<std::string, std::string> environment;  // all it gets besides PATH and sanitizers' settings
  std::string input;                               // of standard input
  std::string stdout_path;                         // when set, standard output goes there instead
};

class RunningCommand {
 public:
  RunningCommand(std::vector<std::string> arguments, CommandOptions options);
  ~RunningCommand();
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  void signal(int number);
  // Kills it after a generous while, so that a hang is a failed test and not a stuck one.
  CommandResult wait(std::chrono::seconds limit = std::chrono::seconds(120));

 private:
  pid_t pid_ = -1;
  CommandResult result_;
  std::thread writer_;
  std::thread out_reader_;
  std::thread err_reader_;
};

CommandResult run_command(std::vector<std::string> arguments, CommandOptions options = {});

}  // namespace lookalike::test

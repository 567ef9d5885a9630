#include "tests/support/command_runner.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace lookalike::test {
namespace {

// What the program gets of the tests' own environment: a sanitizer's settings hold for it, too.
constexpr const char* kPassedOn[] = {"PATH", "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"};

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
    read_end = ends[0];
    write_end = ends[1];
  }
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::thread read_all(int fd, std::string& into) {
  return std::thread([fd, &into] {
    char buffer[4096];
    ssize_t got = 0;
    while ((got = ::read(fd, buffer, sizeof buffer)) > 0)
      into.append(buffer, static_cast<size_t>(got));
    ::close(fd);
  });
}

}  // namespace

RunningCommand::RunningCommand(std::vector<std::string> arguments, CommandOptions options) {
  Pipe in, out, err;
  std::vector<std::string> environment;
  for (const char* name : kPassedOn) {
    if (const char* value = std::getenv(name)) environment.push_back(std::string(name) + "=" + value);
  }
  for (const auto& [name, value] : options.environment)
    environment.push_back(name + "=" + value);
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);
  ::signal(SIGPIPE, SIG_IGN);  // a program that does not read its input
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(in.read_end, 0);
    const int to_file =
        options.stdout_path.empty() ? -1 : ::open(options.stdout_path.c_str(), O_WRONLY | O_CREAT, 0666);
    ::dup2(to_file < 0 ? out.write_end : to_file, 1);
    ::dup2(err.write_end, 2);
    ::signal(SIGPIPE, SIG_DFL);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(in.read_end);
  ::close(out.write_end);
  ::close(err.write_end);
  writer_ = std::thread([fd = in.write_end, text = std::move(options.input)] {
    for (size_t at = 0; at < text.size();) {
      const ssize_t written = ::write(fd, text.data() + at, text.size() - at);
      if (written <= 0) break;
      at += static_cast<size_t>(written);
    }
    ::close(fd);
  });
  out_reader_ = read_all(out.read_end, result_.out);
  err_reader_ = read_all(err.read_end, result_.err);
}

RunningCommand::~RunningCommand() {
  if (pid_ > 0) (void)wait(std::chrono::seconds(0));
}

void RunningCommand::signal(int number) {
  ::kill(pid_, number);
}

CommandResult RunningCommand::wait(std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  int status = 0;
  rusage usage{};
  while (::wait4(pid_, &status, WNOHANG, &usage) == 0) {
    if (std::chrono::steady_clock::now() > deadline) ::kill(pid_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  pid_ = -1;
  for (std::thread* thread : {&writer_, &out_reader_, &err_reader_})
    thread->join();
  result_.peak_kib = usage.ru_maxrss;
  result_.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result_;
}

CommandResult run_command(std::vector<std::string> arguments, CommandOptions options) {
  return RunningCommand(std::move(arguments), std::move(options)).wait();
}

}  // namespace lookalike::test

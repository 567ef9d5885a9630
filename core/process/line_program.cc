// How a question gets to a program and its answer back, whatever the program does.
//
// A pipe holds 64 KiB. Who writes more than that waits until somebody reads. A program that begins to answer before it
// has read all of its question would wait for us to read, while we wait for it: neither would ever go on. So exchange()
// waits for both ends at once (poll) and does whatever is possible: write a piece of the question, or read a piece of
// the answer. Both ends are set not to block.
//
// An answer ends with its line. What comes after it before the next question answers nothing and is thrown away, or all
// later answers would be one too late.
//
// A program may end at any moment. Between two questions it is started anew. In the middle of one, that is an error,
// and ended_how() says how it ended. Until it is reaped, its number stays its own, so that no signal meets a stranger:
// that is why has_ended() looks without reaping (WNOWAIT), and end() sends its signals before it reaps. The program has
// a group of its own, so that children that it left behind end with it.
//
// A write to a program that is gone raises SIGPIPE, which would end this process. It is blocked in the writing thread
// meanwhile, and taken back if it came (WithoutSigpipe).
//
// Example: the question has 100,000 bytes, the program answers "1" after the first 10 bytes and ends.
//     poll: the input has room                    65,536 bytes are written
//     poll: there is output                       "1\n" is read, and waits: the question is not all written
//     poll: the input has no reader any more      the write fails: the program ended before it had read all
// The error says with which status it ended. Had it read the rest first, "1" would have been the answer.
#include "core/process/line_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include "core/process/spawn_plan.h"

extern char** environ;

namespace lookalike {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{20};    // how soon a stop is seen
constexpr std::chrono::milliseconds kGrace{500};  // for a program to end by itself once its input is closed

// No descriptors but the three.
bool prepare(SpawnPlan& plan, const Pipe& input, const Pipe& output) {
  return ::posix_spawn_file_actions_adddup2(plan.actions(), input.reader.get(), STDIN_FILENO) == 0 &&
         ::posix_spawn_file_actions_adddup2(plan.actions(), output.writer.get(), STDOUT_FILENO) == 0 &&
         ::posix_spawn_file_actions_addclosefrom_np(plan.actions(), STDERR_FILENO + 1) == 0 &&
         plan.set_group_and_signals();
}

// A program that is gone shows as a failed write, whatever the process does with SIGPIPE. The signal is the writing
// thread's; one that was raised meanwhile is taken back.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec at_once{};
    if (!::sigismember(&before_, SIGPIPE)) ::sigtimedwait(&pipe_, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
};

bool would_block() {
  return errno == EAGAIN || errno == EINTR;
}

// Whether the child has ended; it stays to be reaped, so that its number cannot become another's.
bool has_ended(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

std::string seconds_text(std::chrono::milliseconds duration) {
  const auto tenths = (duration.count() + 50) / 100;
  return tenths % 10 == 0 ? fmt::format("{} s", tenths / 10) : fmt::format("{}.{} s", tenths / 10, tenths % 10);
}

}  // namespace

LineProgram::~LineProgram() {
  close_pipes();
  const auto deadline = SteadyClock::now() + kGrace;
  while (running() && !options_.stop() && !has_ended(pid_) && SteadyClock::now() < deadline)
    std::this_thread::sleep_for(kTick / 4);
  end();
}

Result<std::string> LineProgram::ask(std::string_view question) {
  const WithoutSigpipe without_sigpipe;
  // One that ended between two questions is started again; should it do so each time, that shows in the exchange.
  if (running() && !drop_stale_output()) end();
  if (!running()) {
    if (const Status started = start(); !started.ok()) return started.error();
  }
  auto line = exchange(question, SteadyClock::now() + options_.time_limit);
  if (!line.ok()) end();
  return line;
}

Status LineProgram::start() {
  const auto cannot = [](int error) {
    return Error{ErrorCode::not_found, std::string("cannot be started: ") + std::strerror(error)};
  };
  Pipe input;
  Pipe output;
  SpawnPlan plan;
  if (!input.ok() || !output.ok()) return cannot(errno);
  if (!prepare(plan, input, output)) return cannot(ENOMEM);
  std::string shell = "sh";
  std::string flag = "-c";
  const std::array<char*, 4> arguments = {shell.data(), flag.data(), options_.command.data(), nullptr};
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, "/bin/sh", plan.actions(), plan.attributes(), arguments.data(), environ);
  if (failed != 0) return cannot(failed);
  pid_ = pid;
  input_ = std::move(input.writer);
  output_ = std::move(output.reader);
  for (const int descriptor : {input_.get(), output_.get()})
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  forget_output();
  return {};
}

// What came after the last answer is nobody's. False: the program is gone, or writes without end.
bool LineProgram::drop_stale_output() {
  size_t dropped = 0;
  std::array<char, 4096> buffer;
  while (dropped <= options_.max_line_bytes) {
    const ssize_t got = ::read(output_.get(), buffer.data(), buffer.size());
    if (got < 0 && would_block()) {
      forget_output();
      return true;
    }
    if (got <= 0) return false;
    dropped += static_cast<size_t>(got);
  }
  return false;
}

// Writes the question and reads one line, whichever the program is ready for.
Result<std::string> LineProgram::exchange(std::string_view question, TimePoint deadline) {
  while (true) {
    if (options_.stop()) return Error{ErrorCode::interrupted, "was interrupted"};
    if (question.empty()) {
      if (auto line = take_line()) return *std::move(line);
    }
    if (unread_.size() > options_.max_line_bytes) {
      return Error{ErrorCode::bad_data, fmt::format("wrote more than {} KiB in a line", options_.max_line_bytes >> 10)};
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
    if (left.count() <= 0) {
      return Error{ErrorCode::network, "gave no answer within " + seconds_text(options_.time_limit) + " (--timeout)"};
    }
    std::array<pollfd, 2> polled{pollfd{output_.get(), POLLIN, 0},
                                 pollfd{question.empty() ? -1 : input_.get(), POLLOUT, 0}};
    const int ready = ::poll(polled.data(), polled.size(), static_cast<int>(std::min(left, kTick).count()));
    if (ready <= 0) continue;
    if (polled[1].revents != 0 && !write_some(question)) return Error{ErrorCode::bad_data, ended_how()};
    if (polled[0].revents != 0 && !read_some()) {
      if (question.empty()) {
        if (auto line = take_line()) return *std::move(line);  // it answered and ended
      }
      return Error{ErrorCode::bad_data, ended_how()};
    }
  }
}

// False: nobody reads any more.
bool LineProgram::write_some(std::string_view& pending) {
  const ssize_t written = ::write(input_.get(), pending.data(), pending.size());
  if (written < 0) return would_block();
  pending.remove_prefix(static_cast<size_t>(written));
  return true;
}

// False: the output ended.
bool LineProgram::read_some() {
  std::array<char, 1 << 14> buffer;
  const ssize_t got = ::read(output_.get(), buffer.data(), buffer.size());
  if (got < 0) return would_block();
  unread_.append(buffer.data(), static_cast<size_t>(got));
  return got > 0;
}

std::optional<std::string> LineProgram::take_line() {
  const size_t end = unread_.find('\n', searched_);
  searched_ = unread_.size();
  if (end == std::string::npos || end > options_.max_line_bytes) return std::nullopt;
  std::string line = unread_.substr(0, end);
  forget_output();  // a second line answers nothing
  return line;
}

// It closed a pipe, so it has ended or is about to; one that goes on without its pipes is no use.
std::string LineProgram::ended_how() {
  const auto deadline = SteadyClock::now() + kGrace;
  while (!options_.stop() && !has_ended(pid_) && SteadyClock::now() < deadline)
    std::this_thread::sleep_for(kTick / 4);
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != pid_) {
    return "closed its output without an answer";
  }
  if (info.si_code == CLD_EXITED) return fmt::format("ended (exit status {}) without an answer", +info.si_status);
  return fmt::format("was ended by signal {} without an answer", +info.si_status);
}

void LineProgram::forget_output() {
  unread_.clear();
  searched_ = 0;
}

void LineProgram::close_pipes() {
  input_.reset();
  output_.reset();
}

void LineProgram::end() {
  close_pipes();
  forget_output();
  if (!running()) return;
  // Before it is reaped: as long as it is not, its number and the group's are its own.
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // should it have joined another group
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

}  // namespace lookalike

#include "core/process/run_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "core/base/text/text.h"
#include "core/process/spawn_plan.h"

extern char** environ;

namespace lookalike {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr size_t kKeptErrorBytes = 2000;
constexpr int kTickMilliseconds = 50;  // how soon a stop request is seen

bool prepare(SpawnPlan& plan, const Pipe& output, const Pipe& errors, const std::filesystem::path& folder) {
  return ::posix_spawn_file_actions_addopen(plan.actions(), STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
         ::posix_spawn_file_actions_adddup2(plan.actions(), output.writer.get(), STDOUT_FILENO) == 0 &&
         ::posix_spawn_file_actions_adddup2(plan.actions(), errors.writer.get(), STDERR_FILENO) == 0 &&
         ::posix_spawn_file_actions_addchdir_np(plan.actions(), folder.c_str()) == 0 && plan.set_group_and_signals();
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// A started program; killed and reaped at the latest by the destructor.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    if (status_) return;
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool has_ended() {
    if (status_) return true;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_.has_value();
  }
  // REQUIRES: has_ended()
  int exit_status() const { return WIFEXITED(*status_) ? WEXITSTATUS(*status_) : 128 + WTERMSIG(*status_); }

 private:
  pid_t pid_;
  std::optional<int> status_;
};

enum class ReadState { open, ended, refused };

template <typename Take>
ReadState read_piece(int descriptor, Take take) {
  std::array<char, 1 << 16> buffer;
  const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN ? ReadState::open : ReadState::ended;
  if (got == 0) return ReadState::ended;
  return take(std::string_view(buffer.data(), static_cast<size_t>(got))) ? ReadState::open : ReadState::refused;
}

// Reads both pipes until they are closed and the child is gone, or it is time to give up.
class Conversation {
 public:
  Conversation(const ProgramRun& run, std::stop_token stop) : run_(run), stop_(std::move(stop)) {}

  Result<ProgramExit> hold(Child& child, int output, int errors) {
    const auto deadline = SteadyClock::now() + run_.time_limit;
    std::array<pollfd, 2> polled{pollfd{output, POLLIN, 0}, pollfd{errors, POLLIN, 0}};
    // A grandchild may keep a pipe open after the child's end: then the pipes are left after one empty tick.
    while (true) {
      if (stop_.stop_requested()) return Error{ErrorCode::interrupted, name() + " was interrupted"};
      if (SteadyClock::now() >= deadline) return time_is_up();
      const bool ended = child.has_ended();
      const bool both_closed = polled[0].fd < 0 && polled[1].fd < 0;
      if (ended && both_closed) break;
      const int ready = ::poll(polled.data(), polled.size(), both_closed ? kTickMilliseconds / 10 : kTickMilliseconds);
      if (ready == 0 && ended) break;
      if (ready > 0 && !read_ready(polled)) return Error{ErrorCode::bad_data, name() + " gave more than was expected"};
    }
    return ProgramExit{.status = child.exit_status(), .error_lines = terminal_safe(trim(error_text_))};
  }

 private:
  std::string name() const { return run_.program.filename().string(); }

  Error time_is_up() const {
    return Error{ErrorCode::network, fmt::format("{} took longer than {} s and was ended; is the network slow?", name(),
                                                 run_.time_limit.count() / 1000)};
  }

  // False: the output was refused.
  bool read_ready(std::array<pollfd, 2>& polled) {
    const auto take_output = [&](std::string_view piece) { return !run_.on_output || run_.on_output(piece); };
    const auto take_error = [&](std::string_view piece) {
      error_text_.append(piece);
      if (error_text_.size() > kKeptErrorBytes) error_text_.erase(0, error_text_.size() - kKeptErrorBytes);
      return true;
    };
    for (size_t i = 0; i < polled.size(); ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      const ReadState state = i == 0 ? read_piece(polled[i].fd, take_output) : read_piece(polled[i].fd, take_error);
      if (state == ReadState::refused) return false;
      if (state == ReadState::ended) polled[i].fd = -1;  // poll passes over it
    }
    return true;
  }

  const ProgramRun& run_;
  std::stop_token stop_;
  std::string error_text_;
};

}  // namespace

ProgramEnvironment process_environment() {
  ProgramEnvironment result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    result.emplace_back(*entry);
  return result;
}

std::optional<std::filesystem::path> find_program(const std::string& name, const ProgramEnvironment& environment) {
  const auto path = std::find_if(environment.begin(), environment.end(),
                                 [](const std::string& entry) { return entry.starts_with("PATH="); });
  if (path == environment.end()) return std::nullopt;
  for (const std::string& folder : split(std::string_view(*path).substr(5), ':')) {
    const std::filesystem::path program = std::filesystem::path(folder) / name;
    std::error_code error;
    if (!folder.starts_with('/') || !std::filesystem::is_regular_file(program, error)) continue;
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return std::nullopt;
}

Result<ProgramExit> run_program(const ProgramRun& run, std::stop_token stop) {
  const auto cannot = [&](int error) {
    return Error{ErrorCode::usage, "cannot start " + run.program.string() + ": " + std::strerror(error)};
  };
  Pipe output;
  Pipe errors;
  SpawnPlan plan;
  if (!output.ok() || !errors.ok()) return cannot(errno);
  if (!prepare(plan, output, errors, run.folder)) return cannot(ENOMEM);
  std::vector<std::string> arguments = run.arguments;
  arguments.insert(arguments.begin(), run.program.string());
  ProgramEnvironment environment = run.environment;
  pid_t pid = 0;
  const int failed = ::posix_spawn(&pid, run.program.c_str(), plan.actions(), plan.attributes(),
                                   pointers(arguments).data(), pointers(environment).data());
  if (failed != 0) return cannot(failed);
  Child child(pid);
  output.writer.reset();
  errors.writer.reset();
  return Conversation(run, std::move(stop)).hold(child, output.reader.get(), errors.reader.get());
}

}  // namespace lookalike

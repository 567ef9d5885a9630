#include <execinfo.h>
#include <unistd.h>

#include <exception>
#include <new>
#include <string>
#include <system_error>

#include "cli/commands/process_end.h"
#include "cli/console/exit_code.h"

namespace lookalike {
namespace {

// Without stdio, whose lock the failing thread may hold.
void say(const std::string& message) {
  const std::string line = "lookalike: error: " + message + "\n";
  (void)!::write(STDERR_FILENO, line.data(), line.size());
}

// Other threads go on meanwhile; what they could still print is lost.
[[noreturn]] void end_program() {
  try {
    if (const std::exception_ptr current = std::current_exception()) std::rethrow_exception(current);
    say("an internal error has ended the program");
  } catch (const std::bad_alloc&) {
    // No text can be put together without memory.
    constexpr char kLine[] =
        "lookalike: error: out of memory: close other programs, raise the limit (ulimit -v), or "
        "use fewer --parallel and --jobs\n";
    (void)!::write(STDERR_FILENO, kLine, sizeof kLine - 1);
  } catch (const std::exception& error) {
    say(last_resort_message(error));
  } catch (...) {
    say("an internal error has ended the program");
  }
  ::_exit(static_cast<int>(ExitCode::out_of_resources));
}

}  // namespace

void install_last_resort() {
  // The C library finds the code that unwinds threads when it is first needed; that may be when no memory is left.
  void* frame = nullptr;
  (void)::backtrace(&frame, 1);

  std::set_terminate(end_program);
}

std::string last_resort_message(const std::exception& error) {
  const auto* const system = dynamic_cast<const std::system_error*>(&error);
  if (system != nullptr && system->code() == std::errc::resource_unavailable_try_again) {
    return "the system allows no more threads or processes: end other programs, or raise the limits (ulimit -u and -v)";
  }
  if (system != nullptr && system->code() == std::errc::too_many_files_open) {
    return "too many open files: raise the limit (ulimit -n)";
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return "out of memory: close other programs, raise the limit (ulimit -v), or use fewer --parallel and --jobs";
  }
  return std::string("the program could not continue: ") + error.what();
}

}  // namespace lookalike

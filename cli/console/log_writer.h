// The log: lines on standard error and in a file, by spdlog. Secrets never reach either.
// Threads: write() and the sink may be called from any, add_secret() before others are started.
// Tested by tests/cli/console/log_writer_test.cc
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console/terminal.h"
#include "core/base/log.h"
#include "core/base/result.h"

namespace spdlog {
class logger;
}

namespace lookalike {

// How much is logged, and where.
struct LogOptions {
  bool quiet = false;
  int verbosity = 0;  // -v, -vv
  std::string log_file;
};

// The text with every secret in it replaced by "***". Very short ones are no secrets.
std::string without_secrets(std::string_view text, const std::vector<std::string>& secrets);

class LogWriter {
 public:
  // Errors: usage when the log file cannot be written.
  static Result<std::unique_ptr<LogWriter>> open(const LogOptions& options, const Terminal& terminal);
  ~LogWriter();

  // Known before the first request is sent.
  void add_secret(std::string secret) { secrets_.push_back(std::move(secret)); }
  const std::vector<std::string>& secrets() const { return secrets_; }
  LogSink sink();
  void write(LogLevel level, std::string_view text);

 private:
  LogWriter() = default;

  std::vector<std::string> secrets_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace lookalike

#include "cli/console/log_writer.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "core/base/text/text.h"

namespace lookalike {
namespace {

// A real key is 32 characters long; masking a word such as "test" would only garble messages.
constexpr size_t kShortestSecret = 8;

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

spdlog::level::level_enum shown_from(const LogOptions& options) {
  if (options.quiet) return spdlog::level::err;
  if (options.verbosity >= 2) return spdlog::level::debug;
  return options.verbosity == 1 ? spdlog::level::info : spdlog::level::warn;
}

}  // namespace

std::string without_secrets(std::string_view text, const std::vector<std::string>& secrets) {
  std::string clean(text);
  for (const std::string& secret : secrets) {
    if (secret.size() < kShortestSecret) continue;
    for (size_t at = clean.find(secret); at != std::string::npos; at = clean.find(secret, at + 3)) {
      clean.replace(at, secret.size(), "***");
    }
  }
  return clean;
}

Result<std::unique_ptr<LogWriter>> LogWriter::open(const LogOptions& options, const Terminal& terminal) {
  auto log = std::unique_ptr<LogWriter>(new LogWriter);
  const auto color = terminal.color ? spdlog::color_mode::always : spdlog::color_mode::never;
  auto screen = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(color);
  screen->set_pattern("lookalike: %^%l%$: %v");
  screen->set_level(shown_from(options));
  log->logger_ = std::make_shared<spdlog::logger>("lookalike", screen);
  log->logger_->set_level(spdlog::level::debug);
  log->logger_->flush_on(spdlog::level::info);
  if (options.log_file.empty()) return log;
  try {
    auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.log_file);
    file->set_level(spdlog::level::debug);
    log->logger_->sinks().push_back(std::move(file));
  } catch (const spdlog::spdlog_ex& error) {
    return Error{ErrorCode::usage, std::string("cannot write the log file: ") + error.what()};
  }
  return log;
}

LogWriter::~LogWriter() = default;

LogSink LogWriter::sink() {
  return [this](LogLevel level, std::string_view text) { write(level, text); };
}

void LogWriter::write(LogLevel level, std::string_view text) {
  logger_->log(spdlog_level(level), terminal_safe(without_secrets(text, secrets_)));
}

}  // namespace lookalike

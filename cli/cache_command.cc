#include "cli/cache_command.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/command_line.h"
#include "cli/output_file.h"
#include "cli/user_folders.h"
#include "core/base/clock.h"
#include "core/base/duration_text.h"
#include "core/base/text.h"
#include "core/net/disk_cache.h"

namespace lookalike {
namespace {

ExitCode print(const std::string& text) {
  const Status written = write_standard_output(terminal_safe(text) + "\n");
  if (!written.ok()) print_error(written.error().message);
  return written.ok() ? ExitCode::found : ExitCode::wrong_use;
}

ExitCode fail(const Error& error) {
  const std::string next = error.code == ErrorCode::bad_data ? " ('lookalike cache clear' removes it)" : "";
  print_error(terminal_safe(error.message) + next);
  return ExitCode::wrong_use;
}

std::string described(const CacheContents& contents, const std::filesystem::path& folder) {
  char size[32];
  std::snprintf(size, sizeof size, "%.1f MB", static_cast<double>(contents.file_bytes) / 1e6);
  std::string text = folder.string() + ": " + std::to_string(contents.answers) + " answers, " +
                     std::to_string(contents.embeddings) + " embeddings, " + size;
  if (contents.oldest) text += ", the oldest " + duration_text(*contents.oldest) + " old";
  return text + "; nothing is used for longer than " + duration_text(kMaxCacheAge);
}

ExitCode run_info(const std::filesystem::path& folder) {
  const auto contents = DiskCache::inspect(folder, SystemClock());
  if (contents.ok()) return print(described(*contents, folder));
  if (contents.error().code == ErrorCode::not_found) return print(contents.error().message);
  return fail(contents.error());
}

ExitCode run_clear(const std::filesystem::path& folder) {
  const Status cleared = DiskCache::clear(folder);
  if (cleared.ok()) return print("removed the cache in " + folder.string());
  if (cleared.error().code == ErrorCode::not_found && !std::filesystem::exists(folder / kCacheFileName)) {
    return print(cleared.error().message);
  }
  return fail(cleared.error());
}

}  // namespace

ExitCode run_cache_command(std::vector<std::string> arguments) {
  std::string named;
  CLI::App app{"What searches with --cache DIR have kept.", "lookalike cache"};
  app.require_subcommand(1);
  const auto* info = app.add_subcommand("info", "how much there is, and how old");
  app.add_subcommand("clear", "remove it");
  for (auto* command : app.get_subcommands({})) {
    command->add_option("--cache", named, "the folder (default: lookalike in $XDG_CACHE_HOME, else in ~/.cache)")
        ->type_name("DIR");
  }
  if (const auto stop = parse_command_line(app, std::move(arguments))) return *stop;
  const std::filesystem::path folder =
      named.empty() ? cache_folder(environment_variable) : std::filesystem::path(named);
  if (folder.empty()) return fail({ErrorCode::usage, "no home directory is known: name the folder with --cache DIR"});
  return info->parsed() ? run_info(folder) : run_clear(folder);
}

}  // namespace lookalike

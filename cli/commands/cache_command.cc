#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <system_error>

#include "cli/commands/commands.h"
#include "cli/console/output_file.h"
#include "cli/options/command_line.h"
#include "cli/options/user_folders.h"
#include "core/base/clock.h"
#include "core/base/text/numbers.h"
#include "core/base/text/text.h"
#include "core/cache/disk_cache.h"

namespace lookalike {
namespace {

ExitCode print_line(const std::string& text) {
  return print_answer(terminal_safe(text) + "\n");
}

ExitCode fail(const Error& error) {
  const std::string next = error.code == ErrorCode::bad_data ? " ('lookalike cache clear' removes it)" : "";
  print_error(terminal_safe(error.message) + next);
  return ExitCode::wrong_use;
}

std::string described(const CacheContents& contents, const std::filesystem::path& file, const DiskCacheFile& kind) {
  char size[32];
  std::snprintf(size, sizeof size, "%.1f MB", static_cast<double>(contents.file_bytes) / 1e6);
  std::string text = file.string() + ": ";
  if (kind.ages) text += std::to_string(contents.answers) + " answers, ";
  text += std::to_string(contents.embeddings) + " embeddings" + (kind.ages ? "" : " of your own files") + ", " + size;
  if (contents.oldest) text += ", the oldest " + duration_text(*contents.oldest) + " old";
  if (!kind.ages) return text + "; kept while there is room (--cache-size)";
  return text + "; nothing is used for longer than " + duration_text(kMaxCacheAge);
}

constexpr DiskCacheFile kFiles[] = {kAnswersFile, kPhotosFile};

bool is_there(const std::filesystem::path& folder, const DiskCacheFile& file) {
  std::error_code error;
  return std::filesystem::exists(folder / file.name, error);
}

bool is_any_there(const std::filesystem::path& folder) {
  return std::ranges::any_of(kFiles, [&](const DiskCacheFile& file) { return is_there(folder, file); });
}

ExitCode run_info(const std::filesystem::path& folder) {
  if (!is_any_there(folder)) return print_line("there is no cache in " + folder.string());
  for (const DiskCacheFile& file : kFiles) {
    if (!is_there(folder, file)) continue;
    const auto contents = DiskCache::inspect(folder, SystemClock(), file);
    if (!contents.ok()) return fail(contents.error());
    if (const ExitCode printed = print_line(described(*contents, folder / file.name, file)); printed != ExitCode::found)
      return printed;
  }
  return ExitCode::found;
}

ExitCode run_clear(const std::filesystem::path& folder) {
  if (!is_any_there(folder)) return print_line("there is no cache in " + folder.string());
  for (const DiskCacheFile& file : kFiles) {
    if (!is_there(folder, file)) continue;
    if (const Status cleared = DiskCache::clear(folder, file); !cleared.ok()) return fail(cleared.error());
  }
  return print_line("removed the cache in " + folder.string());
}

}  // namespace

ExitCode run_cache_command(const std::vector<std::string>& arguments) {
  std::string named;
  CLI::App app{"What searches have kept on this machine: of your own photos, and with --cache DIR of services.",
               "lookalike cache"};
  app.require_subcommand(1);
  const auto* info = app.add_subcommand("info", "show how much is kept, and how old it is");
  app.add_subcommand("clear", "remove all of it");
  for (auto* command : app.get_subcommands({})) {
    command->add_option("--cache", named, "the folder (default: lookalike in $XDG_CACHE_HOME, else in ~/.cache)")
        ->type_name("DIR");
  }
  if (const auto stop = parse_command_line(app, arguments)) return *stop;
  const std::filesystem::path folder =
      named.empty() ? cache_folder(environment_variable) : std::filesystem::path(named);
  if (folder.empty()) return fail({ErrorCode::usage, "no home directory is known: name the folder with --cache DIR"});
  return info->parsed() ? run_info(folder) : run_clear(folder);
}

}  // namespace lookalike

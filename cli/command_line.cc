#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "cli/output_file.h"

namespace lookalike {

std::optional<ExitCode> parse_command_line(CLI::App& app, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  const auto say = [](const std::string& text) {
    return write_standard_output(text).ok() ? ExitCode::found : ExitCode::wrong_use;
  };
  try {
    app.parse(std::move(arguments));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    // Help asked of a subcommand is that subcommand's.
    const auto chosen = app.get_subcommands();
    return say(chosen.empty() ? app.help() : chosen.front()->help(app.get_name()));
  } catch (const CLI::CallForVersion& version) {
    return say(std::string(version.what()) + "\n");
  } catch (const CLI::ParseError& error) {
    print_error(std::string(error.what()) + " (see " + app.get_name() + " --help)");
    return ExitCode::wrong_use;
  }
}

void print_error(const std::string& message) {
  std::fprintf(stderr, "lookalike: error: %s\n", message.c_str());
}

}  // namespace lookalike

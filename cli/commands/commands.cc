#include "cli/commands/commands.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/console/output_file.h"
#include "cli/options/command_line.h"
#include "cli/version.h"
#include "core/base/text/nearest_word.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

using Arguments = std::vector<std::string>;

struct NamedCommand {
  const char* name;
  ExitCode (*run)(const Arguments& arguments);
};

ExitCode search(const Arguments& arguments) {
  ExitCode exit = ExitCode::found;
  const auto options = parse_search(arguments, exit);
  return options ? run_search_command(*options) : exit;
}

ExitCode help(const Arguments& arguments);
ExitCode version(const Arguments& arguments);

// A file of one of these names is searched for as ./models.
constexpr NamedCommand kCommands[] = {{"search", search},
                                 {"models", run_models_command},
                                 {"providers", run_providers_command},
                                 {"doctor", run_doctor_command},
                                 {"cache", run_cache_command},
                                 {"eval", run_eval_command},
                                 {"help", help},
                                 {"version", version}};

Arguments command_names() {
  Arguments names;
  for (const NamedCommand& command : kCommands)
    names.emplace_back(command.name);
  return names;
}

const NamedCommand* find_command(const std::string& name) {
  for (const NamedCommand& command : kCommands) {
    if (name == command.name) return &command;
  }
  return nullptr;
}

ExitCode refuse(const std::string& message) {
  print_error(message + " (see lookalike help)");
  return ExitCode::wrong_use;
}

// "help models pull" is "models pull --help".
ExitCode help(const Arguments& arguments) {
  if (arguments.empty() || arguments.front().starts_with("-")) return search({"--help"});
  const NamedCommand* const command = find_command(arguments.front());
  if (command == nullptr) {
    return refuse("there is no command \"" + terminal_safe(arguments.front()) + "\"" +
                  did_you_mean(arguments.front(), command_names()));
  }
  if (command->run == help || command->run == version) return search({"--help"});
  Arguments asking(arguments.begin() + 1, arguments.end());
  asking.emplace_back("--help");
  return command->run(asking);
}

ExitCode version(const Arguments& arguments) {
  if (!arguments.empty() && arguments.front() != "--help" && arguments.front() != "-h") {
    return refuse("lookalike version takes no argument");
  }
  return print_answer(std::string("lookalike ") + kVersion + "\n");
}

}  // namespace

std::string mistyped_command(const std::string& word) {
  const bool is_word = !word.empty() && word.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyz"
                                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == std::string::npos;
  if (!is_word || word.starts_with('-') || find_command(word) != nullptr) return "";
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(word, error))) return "";
  return nearest_word(word, command_names()).value_or("");
}

ExitCode run_command(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return search({});
  const std::string& first = arguments.front();
  if (const NamedCommand* const command = find_command(first)) {
    return command->run(Arguments(arguments.begin() + 1, arguments.end()));
  }
  if (const std::string meant = mistyped_command(first); !meant.empty()) {
    return refuse("there is no command \"" + first + "\", and no file of that name; did you mean lookalike " + meant +
                  "?");
  }
  return search(arguments);
}

}  // namespace lookalike

#include "cli/options/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>
#include <utility>

#include "cli/console/output_file.h"
#include "core/base/files/file.h"
#include "core/base/result.h"
#include "core/base/text/nearest_word.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

// Before every value, and taken off again before anything else sees it: what begins with it is no list, no option, no
// command, and never empty.
constexpr char kMark = '\x01';

constexpr const char* kConfig = "--config";

std::string marked(std::string_view value) {
  return kMark + std::string(value);
}

void unmark_values(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_max() == 0) continue;
    option->transform(CLI::Validator(
        [](std::string& value) {
          if (value.starts_with(kMark)) value.erase(0, 1);
          return std::string();
        },
        ""));
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    unmark_values(*command);
}

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

std::string long_or_short(const CLI::Option& option) {
  if (!option.get_lnames().empty()) return "--" + option.get_lnames().front();
  return option.get_snames().empty() ? option.get_name() : "-" + option.get_snames().front();
}

Error usage(const std::string& message) {
  return {ErrorCode::usage, message};
}

// What was typed, told apart into what CLI11 cannot mistake.
class ArgumentReader {
 public:
  explicit ArgumentReader(CLI::App& app) : app_(&app), name_(app.get_name()) {}

  Status read(const std::vector<std::string>& arguments) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      const std::string* const next = i + 1 < arguments.size() ? &arguments[i + 1] : nullptr;
      bool took_next = false;
      Status read;
      if (only_positionals_ || argument == "-" || !argument.starts_with('-'))
        read = add_positional(argument);
      else if (argument == "--")
        only_positionals_ = true;
      else if (argument.starts_with("--"))
        read = add_long(argument, next, took_next);
      else
        read = add_short(argument, next, took_next);
      if (!read.ok()) return read;
      i += took_next ? 1 : 0;
    }
    return {};
  }

  // What the file says of options that were not typed.
  Status add_settings(const std::vector<std::string>& also_known) {
    if (config_.empty() || given_.contains(app_->get_help_ptr())) return {};
    constexpr int64_t kMostBytes = 1 << 20;
    const auto text = read_file(config_, kMostBytes);
    if (!text.ok()) return usage(std::string(kConfig) + ": " + text.error().message);
    const std::set<const CLI::Option*> typed = given_;
    const auto settings = parse_settings(*text);
    if (!settings.ok()) return usage(terminal_safe(config_) + ", " + settings.error().message);
    for (const Setting& setting : *settings) {
      if (const Status added = add_setting(setting, typed, also_known); !added.ok()) return added;
    }
    return {};
  }

  // In the order in which CLI11 takes them, from the back.
  std::vector<std::string> take() {
    std::vector<std::string> all = std::move(commands_);
    all.insert(all.end(), positionals_.begin(), positionals_.end());
    all.insert(all.end(), options_.begin(), options_.end());
    std::reverse(all.begin(), all.end());
    return all;
  }

 private:
  Status add_positional(const std::string& argument) {
    const auto commands = app_->get_subcommands([](const CLI::App*) { return true; });
    if (!commands.empty()) return add_command(argument, commands);
    const auto options = app_->get_options([](const CLI::Option* option) { return option->get_positional(); });
    if (options.empty()) return usage(name_ + " takes no argument, but \"" + terminal_safe(argument) + "\" was given");
    given_.insert(options.front());
    positionals_.push_back(marked(argument));
    return {};
  }

  Status add_command(const std::string& word, const std::vector<CLI::App*>& commands) {
    std::vector<std::string> names;
    for (CLI::App* command : commands) {
      names.push_back(command->get_name());
      if (names.back() != word) continue;
      commands_.insert(commands_.end(), options_.begin(), options_.end());
      options_.clear();
      commands_.push_back(word);
      app_ = command;
      name_ += " " + word;
      return {};
    }
    return usage(name_ + " has no command \"" + terminal_safe(word) + "\"" + did_you_mean(word, names));
  }

  // A word of several that are flags but for the last: "-vo FILE", "-oFILE".
  Status add_short(const std::string& argument, const std::string* next, bool& took_next) {
    for (size_t at = 1; at < argument.size(); ++at) {
      const std::string name = {'-', argument[at]};
      CLI::Option* const option = app_->get_option_no_throw(name);
      if (option == nullptr) return unknown(argument.size() > 2 ? argument : name);
      if (!takes_value(*option)) {
        add_flag(*option, "");
        continue;
      }
      if (at + 1 < argument.size()) return add_value(*option, argument.substr(at + 1));
      return add_next(*option, name, next, took_next);
    }
    return {};
  }

  Status add_long(const std::string& argument, const std::string* next, bool& took_next) {
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    CLI::Option* const option = app_->get_option_no_throw(name);
    if (option == nullptr) return unknown(name);
    if (!takes_value(*option)) {
      add_flag(*option, equals == std::string::npos ? "" : argument.substr(equals));
      return {};
    }
    if (equals != std::string::npos) return add_value(*option, argument.substr(equals + 1));
    return add_next(*option, name, next, took_next);
  }

  Status add_next(const CLI::Option& option, const std::string& name, const std::string* next, bool& took_next) {
    if (next == nullptr) {
      const std::string type = option.get_type_name();
      return usage(name + " needs a value: " + name + " " + type.substr(0, type.find(':')));
    }
    took_next = true;
    return add_value(option, *next);
  }

  // `value` begins with '=', or is empty.
  void add_flag(const CLI::Option& option, const std::string& value) {
    given_.insert(&option);
    options_.push_back(long_or_short(option) + value);
  }

  Status add_value(const CLI::Option& option, const std::string& value) {
    given_.insert(&option);
    const std::string name = long_or_short(option);
    if (name == kConfig) config_ = value;
    options_.push_back(name + (name.starts_with("--") ? "=" : "") + marked(value));
    return {};
  }

  Error unknown(const std::string& name) const {
    const size_t dashes = std::min(name.size(), name.find_first_not_of('-'));
    const auto meant = nearest_word(std::string_view(name).substr(dashes), option_names(*app_));
    return usage(name_ + " has no option " + terminal_safe(name) + (meant ? "; did you mean --" + *meant + "?" : ""));
  }

  Status add_setting(const Setting& setting, const std::set<const CLI::Option*>& typed,
                     const std::vector<std::string>& also_known) {
    const std::string where = terminal_safe(config_) + ", line " + std::to_string(setting.line) + ": ";
    CLI::Option* const option = option_of(setting.name);
    if (option == nullptr) {
      if (std::find(also_known.begin(), also_known.end(), setting.name) != also_known.end()) return {};
      auto known = option_names(*app_);
      known.insert(known.end(), also_known.begin(), also_known.end());
      return usage(where + "there is no option \"" + terminal_safe(setting.name) + "\"" +
                   did_you_mean(setting.name, known));
    }
    const std::string name = long_or_short(*option);
    if (name == kConfig || name == "--help" || name == "--version") {
      return usage(where + name + " works only on the command line");
    }
    const auto excluded = option->get_excludes();
    const bool overruled = typed.contains(option) || std::any_of(excluded.begin(), excluded.end(),
                                                                 [&](auto* other) { return typed.contains(other); });
    if (overruled) return {};
    if (!takes_value(*option) && setting.values.size() != 1) return usage(where + name + " must be true or false");
    for (const std::string& value : setting.values) {
      if (option->get_positional())
        positionals_.push_back(marked(value));
      else if (takes_value(*option))
        (void)add_value(*option, value);
      else if (value != "false")  // as if it stood nowhere
        add_flag(*option, "=" + value);
    }
    return {};
  }

  CLI::Option* option_of(const std::string& name) const {
    CLI::Option* option = app_->get_option_no_throw("--" + name);
    if (option == nullptr && name.size() == 1) option = app_->get_option_no_throw("-" + name);
    return option != nullptr ? option : app_->get_option_no_throw(name);
  }

  CLI::App* app_;
  std::string name_;
  std::vector<std::string> commands_;  // with options that stand before them
  std::vector<std::string> positionals_;
  std::vector<std::string> options_;
  std::set<const CLI::Option*> given_;
  std::string config_;
  bool only_positionals_ = false;
};

ExitCode refuse(const CLI::App& app, std::string message) {
  std::erase(message, kMark);
  print_error(message + " (see " + app.get_name() + " --help)");
  return ExitCode::wrong_use;
}

}  // namespace

std::optional<ExitCode> parse_command_line(CLI::App& app, const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& also_known) {
  unmark_values(app);
  ArgumentReader reader(app);
  if (const Status read = reader.read(arguments); !read.ok()) return refuse(app, read.error().message);
  if (const Status added = reader.add_settings(also_known); !added.ok()) return refuse(app, added.error().message);
  try {
    app.parse(reader.take());
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    // Help asked of a subcommand is that subcommand's.
    const auto chosen = app.get_subcommands();
    return print_answer(chosen.empty() ? app.help() : chosen.front()->help(app.get_name()));
  } catch (const CLI::CallForVersion& version) {
    return print_answer(std::string(version.what()) + "\n");
  } catch (const CLI::ParseError& error) {
    return refuse(app, error.what());
  }
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
  return names;
}

}  // namespace lookalike

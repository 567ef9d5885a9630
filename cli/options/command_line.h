// How what was typed, and what stands in a settings file, becomes options: for all commands (command_line.cc), for a
// search (search_arguments.cc), and the settings file itself (settings_file.cc).
//
// CLI11 by itself takes "[a,b]" for a list of two, an empty value for none, and the next argument for a second value;
// it names unknown options without a word of what was meant. So the arguments are read here first, and what CLI11 gets
// is each option with its one value in one piece, marked so that it is no list, and then only converted and checked.
// Help goes to standard output, errors are one line with the right exit status.
//
// The file of --config has options as lines `name = value`, in the common part of TOML and INI:
//   # a comment, also behind a value when a blank is before it; so is a line that begins with ;
//   top = 5
//   json                              a flag; so is json = true
//   user-agent = Me, myself (home)    a bare value goes to the end of its line, with all that stands there
//   tag = "[x] # \"y\""               in quotes nothing is a comment; \" \\ \n \t \uXXXX mean what they mean in TOML
//   layer = 'C:\no\escapes'           nothing is escaped in single ones
//   tag = ["cat", 'big dog', bird]    a list, over several lines if need be; a repeated name makes one, too
// Editors of Windows begin files with a byte order mark and end lines with a carriage return: neither is part of a
// value.
// Contract: docs/command.md
// Threads: free functions without state.
// Tested by tests/cli/options/command_line_test.cc, search_arguments_test.cc and settings_file_test.cc
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console/exit_code.h"
#include "cli/options/options.h"
#include "core/base/result.h"

namespace CLI {
class App;
}  // namespace CLI

namespace lookalike {

// Nothing when the command may go on; else the status to end with, everything said. `--config FILE` is read when the
// app has that option; what stands there counts where the command line says nothing. `also_known`: names of other
// commands' options, which may stand in the same file and mean nothing here.
std::optional<ExitCode> parse_command_line(CLI::App& app, const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& also_known = {});

// The long names of an app's options, without dashes.
std::vector<std::string> option_names(const CLI::App& app);

// `lookalike [search] IMAGE...`: `arguments` without the program's name and without the word "search". Nothing when
// there is nothing to do any more: help was printed, or what is wrong; `exit` then holds the status.
std::optional<SearchCommandOptions> parse_search(const std::vector<std::string>& arguments, ExitCode& exit);

// The long names of all options of a search, for settings files that several commands share.
std::vector<std::string> search_option_names();

struct Setting {
  std::string name;  // without dashes before it
  std::vector<std::string> values;
  int line = 0;
};

// In the order of the file; a name that is repeated comes once, with all its values.
// Errors: usage, with the line: a section, a value that goes on behind its quotes, a quote without its end.
Result<std::vector<Setting>> parse_settings(std::string_view text);

}  // namespace lookalike

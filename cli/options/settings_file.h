// The file of --config: options as lines `name = value`, in the common part of TOML and INI.
//   # a comment, also behind a value when a blank is before it; so is a line that begins with ;
//   top = 5
//   json                              a flag; so is json = true
//   user-agent = Me, myself (home)    a bare value goes to the end of its line, with all that stands there
//   tag = "[x] # \"y\""               in quotes nothing is a comment; \" \\ \n \t \uXXXX mean what they mean in TOML
//   layer = 'C:\no\escapes'           nothing is escaped in single ones
//   tag = ["cat", 'big dog', bird]    a list, over several lines if need be; a repeated name makes one, too
// Editors of Windows begin files with a byte order mark and end lines with a carriage return: neither is part of a
// value.
// Threads: a free function without state.
// Tested by tests/cli/options/settings_file_test.cc
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

struct Setting {
  std::string name;  // without dashes before it
  std::vector<std::string> values;
  int line = 0;
};

// In the order of the file; a name that is repeated comes once, with all its values.
// Errors: usage, with the line: a section, a value that goes on behind its quotes, a quote without its end.
Result<std::vector<Setting>> parse_settings(std::string_view text);

}  // namespace lookalike

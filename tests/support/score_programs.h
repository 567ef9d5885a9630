// Scoring programs for tests, as commands for a shell.
#pragma once

#include <string>

namespace lookalike::test {

// For a loop over `line`: what stands in one of its members, which holds no quotes.
inline std::string member_of_line(const std::string& name) {
  return R"sh(printf '%s\n' "$line" | sed 's/.*")sh" + name + R"sh(":"\([^"]*\)".*/\1/')sh";
}

// Answers each line; `score` is a word of the shell, which may use $file. `first` is done for each photo before.
inline std::string scoring_loop(const std::string& score, const std::string& first = ":") {
  return "while read -r line; do id=$(" + member_of_line("id") + "); file=$(" + member_of_line("file") + ")\n" + first +
         "\n" + R"sh(printf '{"id": "%s", "score": %s}\n' "$id" )sh" + score + "; done";
}

// The size of the photo's file.
inline std::string score_by_size() {
  return scoring_loop(R"sh("$(wc -c < "$file")")sh");
}

inline std::string score_always(const std::string& score) {
  return scoring_loop("'" + score + "'");
}

}  // namespace lookalike::test

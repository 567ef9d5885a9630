#include "cli/options/word_choice.h"

#include <algorithm>

#include "core/base/text/nearest_word.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

// Empty when there is none.
std::string fault_of(const std::string& typed, const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), typed) != words.end()) return "";
  std::string list;
  for (const std::string& word : words)
    list += (list.empty() ? "" : ", ") + word;
  return "\"" + terminal_safe(typed) + "\" is none of " + list + did_you_mean(typed, words);
}

}  // namespace

CLI::Validator one_of(std::vector<std::string> words) {
  return {[words = std::move(words)](std::string& value) { return fault_of(value, words); }, ""};
}

CLI::Validator one_of_numbers(std::map<std::string, int> words) {
  return {[words = std::move(words)](std::string& value) {
            std::vector<std::string> names;
            for (const auto& [word, number] : words)
              names.push_back(word);
            std::string fault = fault_of(value, names);
            if (fault.empty()) value = std::to_string(words.at(value));
            return fault;
          },
          ""};
}

}  // namespace lookalike

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "models/embedded.h"
#include "models/labels.h"

namespace lookalike {
namespace {

using Families = std::unordered_map<std::string_view, std::vector<ClassFamily>>;

Families read_families() {
  const auto lines = lines_without_comments(embedded::kClassFamilies);
  const auto labels = imagenet_labels();
  Families families;
  std::unordered_map<std::string_view, int> classes;
  for (size_t i = 0; i < lines.size() && i < labels.size(); ++i) {
    const auto [entry, is_new] = families.try_emplace(labels[i]);
    std::string_view words = lines[i];
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find(' '));
      words.remove_prefix(std::min(words.size(), word.size() + 1));
      if (word == "-") continue;
      ++classes[word];
      if (is_new) entry->second.push_back({.word = word});
    }
  }
  for (auto& [label, list] : families) {
    for (ClassFamily& family : list)
      family.classes = classes[family.word];
  }
  return families;
}

}  // namespace

std::span<const ClassFamily> families_of_class(std::string_view class_name) {
  static const Families families = read_families();
  const auto found = families.find(class_name);
  return found == families.end() ? std::span<const ClassFamily>() : found->second;
}

}  // namespace lookalike

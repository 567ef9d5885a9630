// Which harvested tags are worth a search: not those of machines, cameras and apps, no filler words, no bare numbers.
// The list is providers/stop_tags.txt, and what the user adds with --stop-tags. A line is a tag; '%' in it stands for
// digits, '*' at its end for anything; '#' begins a comment. Case, blanks, '-' and '_' do not count: "Eos 5D" is
// "eos5d". Words that the user gave with --tag are never cleaned away. Every script is kept.
// Cost: O(tag) for most; O(list) for tags that begin as a pattern does.
// Threads: constant once made.
// Tested by tests/providers/tag_cleaner_test.cc; fuzzed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace lookalike {

class TagCleaner {
 public:
  // The built-in list.
  TagCleaner();
  // Adds the lines of a list.
  void add(std::string_view list);
  // These are kept, whatever the lists say.
  void exempt(std::span<const std::string> tags);

  bool drops(std::string_view tag) const;

 private:
  bool is_listed(const std::string& key) const;

  std::unordered_set<std::string> words_;
  std::vector<std::string> patterns_;
  std::unordered_set<std::string> exempt_;
};

// "geo:lat=51.5", "uploaded:by=instagram": namespace, predicate and value.
bool is_machine_tag(std::string_view tag);

}  // namespace lookalike

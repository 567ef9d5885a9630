// Words of descriptions, file names and queries: as tags that a person would give, and as terms to match by.
// Letters and digits of any script make a word (Unicode by utf8proc); everything else parts words.
// Threads: free functions without state.
// Tested by tests/providers/folder/words_test.cc
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lookalike {

// Lower-case words in their order, doubles kept. Malformed bytes part words.
std::vector<std::string> search_words(std::string_view text);

// Without accents and without the English plural's ending: "Cafés" and "cafe" share a term.
std::string match_term(std::string_view word);

// Says nothing by itself: "the", "of".
bool is_stop_word(std::string_view lower_case_word);

// What the words of a sentence give as tags: no stop words, no single letters, no numbers, no doubles; when two or
// three are left, the phrase that they make comes first ("garlic bulb", "garlic", "bulb").
std::vector<std::string> tags_of_sentence(std::string_view sentence);

// The same for the name of a file (without its ending) or of a folder: also parted at a change of case
// ("cementMixer"), and without what cameras and services write ("IMG", "DSC", "photos", long hexadecimal numbers).
std::vector<std::string> tags_of_name(std::string_view name);

}  // namespace lookalike

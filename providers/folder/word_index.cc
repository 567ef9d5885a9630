#include "providers/folder/word_index.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <set>

#include "providers/folder/words.h"

namespace lookalike {
namespace {

struct Match {
  uint32_t document;
  uint32_t terms;
  double weight;
};

std::set<std::string> terms_of_query(std::string_view query) {
  std::set<std::string> terms;
  std::set<std::string> stop_terms;
  for (const std::string& word : search_words(query))
    (is_stop_word(word) ? stop_terms : terms).insert(match_term(word));
  return terms.empty() ? stop_terms : terms;
}

// Matches of one document, which several terms may have given, become one.
void merge_documents(std::vector<Match>& matches) {
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& a, const Match& b) { return a.document < b.document; });
  size_t kept = 0;
  for (const Match& match : matches) {
    if (kept > 0 && matches[kept - 1].document == match.document) {
      matches[kept - 1].terms += match.terms;
      matches[kept - 1].weight += match.weight;
    } else {
      matches[kept++] = match;
    }
  }
  matches.resize(kept);
}

}  // namespace

void WordIndex::add(uint32_t document, std::string_view text) {
  assert(size_t{document} + 1 >= documents_);
  documents_ = size_t{document} + 1;
  for (const std::string& word : search_words(text)) {
    std::vector<uint32_t>& list = postings_[match_term(word)];
    if (list.empty() || list.back() != document) list.push_back(document);
  }
}

std::vector<uint32_t> WordIndex::find(std::string_view query) const {
  const std::set<std::string> terms = terms_of_query(query);
  std::vector<Match> matches;
  for (const std::string& term : terms) {
    const auto found = postings_.find(term);
    if (found == postings_.end()) continue;
    const double weight = std::log1p(static_cast<double>(documents_) / static_cast<double>(found->second.size()));
    for (const uint32_t document : found->second)
      matches.push_back({document, 1, weight});
  }
  if (terms.size() > 1) merge_documents(matches);
  std::stable_sort(matches.begin(), matches.end(), [&terms](const Match& a, const Match& b) {
    const bool a_complete = a.terms == terms.size();
    const bool b_complete = b.terms == terms.size();
    return a_complete != b_complete ? a_complete : a.weight > b.weight;
  });
  std::vector<uint32_t> ranked;
  ranked.reserve(matches.size());
  for (const Match& match : matches)
    ranked.push_back(match.document);
  return ranked;
}

}  // namespace lookalike

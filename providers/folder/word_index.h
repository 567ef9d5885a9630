// Finds the texts that hold the words of a query: an inverted index from word to documents.
// Ranking: documents with every word of the query first, then by the sum of ln(1 + N / n) of the words they hold (N
// documents, n of them with the word), so that rare words count more; equals in the order in which they were added.
// Cost: add O(words), find O(p log p) for p postings of the query's words. Memory: 4 bytes a word and document.
// Threads: add from one; find from any once adding has ended.
// Tested by tests/providers/folder/word_index_test.cc
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lookalike {

class WordIndex {
 public:
  // REQUIRES: documents come in rising order; a document may come several times in a row.
  void add(uint32_t document, std::string_view text);

  // Best first. A query of nothing but stop words is searched by these; empty when no word is known.
  std::vector<uint32_t> find(std::string_view query) const;

  size_t documents() const { return documents_; }

 private:
  std::unordered_map<std::string, std::vector<uint32_t>> postings_;
  size_t documents_ = 0;  // the highest number seen plus one
};

}  // namespace lookalike

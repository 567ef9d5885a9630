// What a search has asked the service about each tag: which page comes next, as of which upload date, why it is asked,
// and which other words are left to try when a first query brings nothing.
//
// Example: the first query "tabby, tabby cat" has two alternatives. "tabby" is asked first. If its answer lists no
// photo, "tabby cat" becomes a first query in its place.
// Cost: O(1) each.
// Threads: one; the engine's.
// Tested by tests/core/search/session/tag_queries_test.cc
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/random.h"
#include "core/search/session/search_log.h"
#include "core/search/strategies/tag_table.h"

namespace lookalike {

class TagQueries {
 public:
  using Words = std::vector<std::string>;

  struct Dates {
    std::chrono::system_clock::time_point now;
    std::chrono::hours span{0};  // photos are asked for as of a random moment this long before now; zero: the newest
  };

  TagQueries(const Dates& dates, uint64_t seed) : dates_(dates), random_(seed) {}

  // The first of the words that is not excluded and was not a first query before; the others are kept as alternatives.
  std::optional<TagId> add_first_query(Words alternatives, TagTable& tags, const std::unordered_set<TagId>& excluded);
  void add_general_word(TagId tag) { general_words_.insert(tag); }
  int first_queries() const { return first_queries_; }

  // What to ask about the tag next.
  struct Next {
    int page;
    std::optional<std::chrono::system_clock::time_point> uploaded_before;
  };
  Next begin(TagId tag);
  // Why it is asked. `seen_on_photos`: some scored photo has the tag.
  AskReason reason(TagId tag, bool seen_on_photos) const;
  // An answer brought so many photos; `query` is its place in the log.
  void on_answer(TagId tag, size_t photos, size_t query);
  // The words to try instead of a first query that no answer has brought a photo for. They are given once.
  Words alternatives_if_empty(TagId tag);
  Words take_alternatives(TagId tag);

  bool was_asked(TagId tag) const;
  // The query that brought the last page, by its place in the log. REQUIRES: the tag was answered
  size_t last_answer(TagId tag) const { return asked_.at(tag).last_answer; }

 private:
  struct Asked {
    bool asked = false;
    int pages = 0;
    size_t photos = 0;
    size_t last_answer = 0;
    std::optional<std::chrono::system_clock::time_point> uploaded_before = {};
  };

  Dates dates_;
  Random random_;
  std::unordered_map<TagId, Asked> asked_;
  std::unordered_map<TagId, Words> alternatives_;  // of each first query
  std::unordered_set<TagId> general_words_;
  int first_queries_ = 0;
};

}  // namespace lookalike

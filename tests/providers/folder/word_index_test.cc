#include "providers/folder/word_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "providers/folder/words.h"

namespace lookalike {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

WordIndex index_of(const std::vector<std::string>& texts) {
  WordIndex index;
  for (uint32_t i = 0; i < texts.size(); ++i)
    index.add(i, texts[i]);
  return index;
}

TEST(WordIndex, FindsByWordsNotByParts) {
  const WordIndex index = index_of({"a cat", "cattle", "Cats and dogs", "wild-cat"});
  EXPECT_THAT(index.find("cat"), ElementsAre(0, 2, 3));
  EXPECT_THAT(index.find("CÄTS"), ElementsAre(0, 2, 3));
  EXPECT_THAT(index.find("cattle"), ElementsAre(1));
}

TEST(WordIndex, ThoseWithEveryWordComeFirst) {
  const WordIndex index = index_of({"rare", "red", "red car", "car", "red", "red", "car red", "car"});
  EXPECT_THAT(index.find("red car"), testing::Contains(0).Times(0));
  const auto found = index.find("red car");
  ASSERT_GE(found.size(), 2u);
  EXPECT_EQ(found[0], 2u);
  EXPECT_EQ(found[1], 6u);
}

TEST(WordIndex, RareWordsCountMore) {
  const WordIndex index = index_of({"dog", "dog", "dog", "dog carriage", "dalmatian", "dog"});
  const auto found = index.find("dalmatian coach dog");
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0], 4u);
}

TEST(WordIndex, DoublesInTheQueryCountOnce) {
  const WordIndex index = index_of({"cat", "tabby cat", "tabby"});
  EXPECT_EQ(index.find("tabby tabby cat"), index.find("tabby cat"));
  EXPECT_EQ(index.find("tabby tabby cat").front(), 1u);
}

TEST(WordIndex, StopWordsCountOnlyAlone) {
  const WordIndex index = index_of({"the", "house of cards", "house"});
  EXPECT_THAT(index.find("the house"), ElementsAre(1, 2));
  EXPECT_THAT(index.find("the"), ElementsAre(0));
}

TEST(WordIndex, NothingIsFoundForNothing) {
  const WordIndex index = index_of({"cat"});
  for (const char* query : {"", " ", "...", "unknown", "\xFF"})
    EXPECT_THAT(index.find(query), IsEmpty()) << query;
  EXPECT_THAT(WordIndex().find("cat"), IsEmpty());
}

// The ranking by its definition, over all documents.
std::vector<uint32_t> naive_find(const std::vector<std::set<std::string>>& documents,
                                 const std::set<std::string>& terms) {
  struct Scored {
    uint32_t document;
    bool complete;
    double weight;
  };
  std::vector<Scored> scored;
  for (uint32_t i = 0; i < documents.size(); ++i) {
    double weight = 0;
    size_t held = 0;
    for (const std::string& term : terms) {
      if (!documents[i].contains(term)) continue;
      const auto having =
          std::count_if(documents.begin(), documents.end(), [&](const auto& d) { return d.contains(term); });
      weight += std::log1p(static_cast<double>(documents.size()) / static_cast<double>(having));
      ++held;
    }
    if (held > 0) scored.push_back({i, held == terms.size(), weight});
  }
  std::stable_sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) {
    return a.complete != b.complete ? a.complete : a.weight > b.weight;
  });
  std::vector<uint32_t> ranked;
  for (const Scored& one : scored)
    ranked.push_back(one.document);
  return ranked;
}

TEST(WordIndex, AgreesWithTheNaiveRankingOnRandomTexts) {
  const std::vector<std::string> vocabulary{"cat", "dog", "tree", "red", "car", "town", "nature", "lake"};
  Random random(42);
  for (int round = 0; round < 50; ++round) {
    WordIndex index;
    std::vector<std::set<std::string>> documents(40);
    for (uint32_t i = 0; i < documents.size(); ++i) {
      std::string text;
      for (uint64_t n = random.below(5); n > 0; --n) {
        const std::string& word = vocabulary[std::min(random.below(8), random.below(8))];
        text += word + " ";
        documents[i].insert(match_term(word));
      }
      index.add(i, text);
    }
    std::set<std::string> terms;
    std::string query;
    for (uint64_t n = 1 + random.below(3); n > 0; --n) {
      const std::string& word = vocabulary[random.below(8)];
      query += word + " ";
      terms.insert(match_term(word));
    }
    EXPECT_EQ(index.find(query), naive_find(documents, terms)) << query;
  }
}

}  // namespace
}  // namespace lookalike

// What photos are about by the meaning of their tags and words: the sum of the words' vectors. A photo tagged "shore"
// is near one tagged "beach", though they have no tag in common, so what is learnt of one says something of the other.
// Source: sums of word vectors stand for texts in Brokos et al., "Using Centroids of Word Embeddings and Word Mover's
// Distance for Biomedical Document Retrieval", BioNLP 2016; means of them for tags in Sato, WSDM 2022.
// Units: word vectors have length 1 and have what all words share taken off (models/common_words.h).
// Cost: O(t d) a photo of t tags and d dimensions.
// Threads: one; the engine's.
// Tested by tests/core/search/strategies/photo_meanings_test.cc
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/base/word_vectors.h"
#include "core/search/bandits/tag_vectors.h"
#include "core/search/strategies/planner.h"
#include "core/search/strategies/tag_regression.h"

namespace lookalike {

class PhotoMeanings {
 public:
  // Both borrowed; without `words` nothing means anything: no dimensions.
  PhotoMeanings(const TagTable& tags, const WordVectors* words);

  size_t dimensions() const { return dimensions_; }
  // REQUIRES: photos are added in the order of their numbers
  void add_photo(std::span<const TagFeature> features);

  // Invalidated by what is added. REQUIRES: the tag was one of a photo; the photo was added
  std::span<const float> of_tag(TagId tag) const;
  std::span<const float> of_photo(PhotoNumber photo) const;

 private:
  std::optional<TagVectors> words_;
  size_t dimensions_ = 0;
  std::vector<float> photos_;  // row by row
};

}  // namespace lookalike

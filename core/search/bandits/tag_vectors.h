// A vector for each tag, for models that generalise from one tag to another.
// With word vectors: the mean of the vectors of the tag's words that have one, zero when none has.
// Without: the mean visual feature of the photos seen with the tag, zero before the first. A photo's embedding is
// scaled to length 1 and brought to 100 numbers by adding each of its values, with a sign, to one of them, both chosen
// by the value's position: that keeps dot products on average.
// Source: Sato, WSDM 2022, section 4 (words); Charikar, Chen and Farach-Colton, "Finding Frequent Items in Data
// Streams", 2004, and Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009 (photos).
// Cost: of() O(words d) once a tag; see() O(embedding + t d) for a photo with t tags.
// Threads: one.
// Tested by tests/core/search/bandits/tag_vectors_test.cc
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/base/word_vectors.h"
#include "core/search/strategies/tag_table.h"

namespace lookalike {

class TagVectors {
 public:
  static constexpr size_t kVisualDimensions = 100;

  // Both borrowed; `words` may be null.
  TagVectors(const TagTable& tags, const WordVectors* words);

  size_t dimensions() const { return dimensions_; }
  // Whether a tag's vector changes as photos are seen.
  bool visual() const { return words_ == nullptr; }
  // Makes room for the tag. Invalidates what at() returned.
  void add(TagId tag);
  // REQUIRES: the tag was added
  std::span<const float> at(TagId tag) const { return {vectors_.data() + tag * dimensions_, dimensions_}; }
  // A photo with these tags, which were added. Does nothing with word vectors.
  void see(std::span<const float> embedding, std::span<const TagId> tags);

 private:
  void set_from_words(TagId tag);

  const TagTable& tags_;
  const WordVectors* words_;
  size_t dimensions_;
  std::vector<float> vectors_;  // by TagId, row by row
  std::vector<bool> added_;
  std::vector<int> photos_seen_;  // by TagId
};

// 100 numbers of length 1 that stand for an embedding; zero for one of length 0.
std::vector<float> visual_sketch(std::span<const float> embedding);

}  // namespace lookalike

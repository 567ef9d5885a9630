// What the commonest English words mean, as vectors: words that are used alike have a large cosine ("beach" and
// "seashore"), and those that have nothing to do with each other one near 0. From common_words.txt, which is made from
// GloVe vectors and built into the program, so that nothing has to be installed for it. `lookalike models pull glove`
// gets ten times as many words (models/word_vector_file.h).
// Source: Pennington, Socher and Manning, "GloVe: Global Vectors for Word Representation", EMNLP 2014.
// Cost: add() O(log words + dimensions), nothing at the start.
// Threads: any.
// Tested by tests/models/common_words_test.cc
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/base/word_vectors.h"

namespace lookalike {

class CommonWords final : public WordVectors {
 public:
  static constexpr size_t kDimensions = 48;

  size_t dimensions() const override { return kDimensions; }
  // Vectors have length 1, or a little less where one of their values was too large for its letter.
  bool add(std::string_view word, std::span<float> sum) const override;
};

}  // namespace lookalike

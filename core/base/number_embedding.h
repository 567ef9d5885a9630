// A number in the place of an embedding, for feature sources that give a score and no features. Three floats of 24 bits
// hold the 53 of a double, so nothing is rounded.
// Threads: free functions without state.
// Tested by tests/core/base/number_embedding_test.cc
#pragma once

#include <cassert>
#include <cstddef>
#include <span>

#include "core/base/feature_source.h"

namespace lookalike {

// Beyond it floats end; a score of that size is no score.
inline constexpr double kLargestNumber = 1e30;

inline constexpr size_t kNumberParts = 3;

// REQUIRES: |value| <= kLargestNumber
inline Embedding number_embedding(double value) {
  assert(value >= -kLargestNumber && value <= kLargestNumber);
  Embedding parts;
  for (size_t i = 0; i < kNumberParts; ++i) {
    parts.push_back(static_cast<float>(value));
    value -= static_cast<double>(parts.back());
  }
  return parts;
}

inline double embedded_number(std::span<const float> embedding) {
  double value = 0;
  for (size_t i = embedding.size(); i-- > 0;)
    value += static_cast<double>(embedding[i]);
  return value;
}

}  // namespace lookalike

// Word vectors in memory.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/word_vectors.h"

namespace lookalike {

class FakeWordVectors final : public WordVectors {
 public:
  explicit FakeWordVectors(std::map<std::string, std::vector<float>, std::less<>> vectors)
      : vectors_(std::move(vectors)) {}
  size_t dimensions() const override { return vectors_.begin()->second.size(); }
  bool add(std::string_view word, std::span<float> sum) const override {
    const auto vector = vectors_.find(word);
    if (vector == vectors_.end()) return false;
    for (size_t i = 0; i < sum.size(); ++i)
      sum[i] += vector->second[i];
    return true;
  }

 private:
  std::map<std::string, std::vector<float>, std::less<>> vectors_;
};

}  // namespace lookalike

// Vectors of words, near one another for words of like meaning. An interface, so that the engine knows no files.
// Threads: const; any number at once.
#pragma once

#include <span>
#include <string_view>

namespace lookalike {

class WordVectors {
 public:
  virtual ~WordVectors() = default;
  virtual size_t dimensions() const = 0;
  // Adds the word's vector to `sum`; false, and nothing added, when the word is unknown. Words are in lower case.
  // REQUIRES: sum.size() == dimensions()
  virtual bool add(std::string_view word, std::span<float> sum) const = 0;
};

}  // namespace lookalike

// Word vectors in a file that is mapped into memory, of which a search reads a few pages; and how such a file is made.
// Format, all numbers little-endian: "LKWORDS1", uint32 dimensions, uint32 words, uint32 bytes of text, float32 scale;
// uint32 for each word, where it ends in the text; the text, the words in the order of their bytes without anything
// between, and a zero when its length is odd; int16 for each value, word by word: scale times it is the value.
// Every number of the file is checked before it is used; a file that lies about its order only finds fewer words.
// Units: bytes.
// Cost: open() constant, add() O(log words + dimensions).
// Threads: const after opening; any number.
// Tested by tests/models/word_vector_file_test.cc
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/word_vectors.h"

namespace lookalike {

class WordVectorFile final : public WordVectors {
 public:
  // The file must not be cut shorter while it is open. Errors: not_found (no such plain file), bad_data (another
  // format, or its length is not what its header says).
  static Result<std::unique_ptr<WordVectorFile>> open(const std::filesystem::path& path);
  ~WordVectorFile() override;
  WordVectorFile(const WordVectorFile&) = delete;
  WordVectorFile& operator=(const WordVectorFile&) = delete;

  size_t dimensions() const override { return dimensions_; }
  size_t words() const { return words_; }
  bool add(std::string_view word, std::span<float> sum) const override;

 private:
  explicit WordVectorFile(std::span<const unsigned char> bytes) : bytes_(bytes) {}
  Status read_header(const std::filesystem::path& path);
  std::string_view word_at(size_t number) const;

  std::span<const unsigned char> bytes_;  // the mapped file
  size_t dimensions_ = 0;
  size_t words_ = 0;
  size_t text_bytes_ = 0;
  float scale_ = 0;
};

// Words with a vector each, before they are written.
struct WordTable {
  size_t dimensions = 0;
  std::vector<std::string> words;
  std::vector<float> values;  // words.size() x dimensions
};

// The first of equal words is kept. The same table gives the same bytes. Errors: usage (cannot be written there),
// bad_data (no words, a value that is no number or above 1e9, or too many for the format).
Status write_word_vectors(const WordTable& table, const std::filesystem::path& path);

}  // namespace lookalike

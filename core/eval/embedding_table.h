// The embeddings of a collection, computed once and kept in a file.
// Format: one line "lookalike-embeddings/1 KEY N D\n", then N x D float32 in this machine's byte order.
// Threads: an immutable value.
// Tested by tests/core/eval/embedding_table_test.cc
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace lookalike {

class EmbeddingTable {
 public:
  EmbeddingTable(size_t rows, size_t dimensions) : dimensions_(dimensions), values_(rows * dimensions) {}

  // `key` says what the embeddings are of, and by which network. Errors: not_found, bad_data (another key or size, or
  // the file ends early).
  static Result<EmbeddingTable> read(const std::filesystem::path& path, std::string_view key, size_t rows);
  // Errors: usage (cannot be written there).
  Status write(const std::filesystem::path& path, std::string_view key) const;

  size_t rows() const { return dimensions_ == 0 ? 0 : values_.size() / dimensions_; }
  size_t dimensions() const { return dimensions_; }
  std::span<float> row(size_t number) { return {values_.data() + number * dimensions_, dimensions_}; }
  std::span<const float> row(size_t number) const { return {values_.data() + number * dimensions_, dimensions_}; }

 private:
  size_t dimensions_;
  std::vector<float> values_;
};

}  // namespace lookalike

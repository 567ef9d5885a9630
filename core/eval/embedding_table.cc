#include "core/eval/embedding_table.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <system_error>

#include "core/base/files/file.h"

namespace lookalike {
namespace {

constexpr const char* kMagic = "lookalike-embeddings/1";
constexpr size_t kMaxDimensions = 1 << 20;

}  // namespace

Result<EmbeddingTable> EmbeddingTable::read(const std::filesystem::path& path, std::string_view key, size_t rows) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::not_found, "no embeddings at " + path.string()};
  std::string line;
  std::getline(file, line);
  std::istringstream header(line);
  std::string magic, found_key;
  size_t found_rows = 0, dimensions = 0;
  header >> magic >> found_key >> found_rows >> dimensions;
  if (magic != kMagic || found_key != key || found_rows != rows || dimensions == 0 || dimensions > kMaxDimensions) {
    return Error{ErrorCode::bad_data, path.string() + " holds other embeddings"};
  }
  EmbeddingTable table(rows, dimensions);
  const auto bytes = static_cast<std::streamsize>(table.values_.size() * sizeof(float));
  file.read(reinterpret_cast<char*>(table.values_.data()), bytes);
  if (file.gcount() != bytes) return Error{ErrorCode::bad_data, path.string() + " ends early"};
  return table;
}

Status EmbeddingTable::write(const std::filesystem::path& path, std::string_view key) const {
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  std::string bytes = fmt::format("{} {} {} {}\n", kMagic, key, rows(), dimensions_);
  bytes.append(reinterpret_cast<const char*>(values_.data()), values_.size() * sizeof(float));
  return write_file_atomically(path, bytes);
}

}  // namespace lookalike

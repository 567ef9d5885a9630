#include "core/eval/embedding_table.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

TEST(EmbeddingTable, ComesBackFromItsFile) {
  const test::TemporaryFolder folder;
  EmbeddingTable table(3, 4);
  for (size_t i = 0; i < 12; ++i)
    table.row(i / 4)[i % 4] = static_cast<float>(i) * 0.5f;
  const auto path = folder / "sub" / "table";
  ASSERT_TRUE(table.write(path, "key").ok());
  const auto read = EmbeddingTable::read(path, "key", 3);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->dimensions(), 4u);
  for (size_t r = 0; r < 3; ++r)
    EXPECT_TRUE(std::equal(read->row(r).begin(), read->row(r).end(), table.row(r).begin()));
}

TEST(EmbeddingTable, RefusesAnythingElse) {
  const test::TemporaryFolder folder;
  const auto path = folder / "table";
  EXPECT_EQ(EmbeddingTable::read(path, "key", 2).error().code, ErrorCode::not_found);
  ASSERT_TRUE(EmbeddingTable(2, 3).write(path, "key").ok());
  EXPECT_EQ(EmbeddingTable::read(path, "other", 2).error().code, ErrorCode::bad_data);
  EXPECT_EQ(EmbeddingTable::read(path, "key", 3).error().code, ErrorCode::bad_data);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  EXPECT_EQ(EmbeddingTable::read(path, "key", 2).error().code, ErrorCode::bad_data);
  folder.write("hostile", "lookalike-embeddings/1 key 2 99999999999999\n");
  EXPECT_EQ(EmbeddingTable::read(folder / "hostile", "key", 2).error().code, ErrorCode::bad_data);
}

}  // namespace
}  // namespace lookalike

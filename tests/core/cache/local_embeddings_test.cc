#include "core/cache/local_embeddings.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <mutex>

#include "core/base/text/digest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

// What several stores over one file would be.
struct SharedRecords {
  std::mutex mutex;
  std::map<std::string, std::string> bytes;
};

class SharedStore final : public CacheStore {
 public:
  explicit SharedStore(SharedRecords& records) : records_(records) {}
  std::optional<std::string> get(const std::string& key) override {
    const std::lock_guard lock(records_.mutex);
    const auto found = records_.bytes.find(key);
    return found == records_.bytes.end() ? std::nullopt : std::optional(found->second);
  }
  void put(const std::vector<CacheRecord>& records) override {
    const std::lock_guard lock(records_.mutex);
    for (const CacheRecord& record : records)
      records_.bytes[record.key] = record.bytes;
  }

 private:
  SharedRecords& records_;
};

class LocalEmbeddingsTest : public testing::Test {
 protected:
  LocalEmbeddingsTest() { set_clock_after(std::chrono::minutes(1)); }

  // The files here have the machine's real times.
  void set_clock_after(std::chrono::seconds time) {
    const auto wanted = std::chrono::system_clock::now() + time;
    clock_.shift_wall(std::chrono::duration_cast<std::chrono::microseconds>(wanted - clock_.wall_time()));
  }

  std::unique_ptr<LocalEmbeddings> open(int64_t memory = 0, const std::string& identity = "network") {
    return std::make_unique<LocalEmbeddings>(
        LocalEmbeddings::Settings{.identity = identity,
                                  .memory_bytes = memory,
                                  .open_store = [this] { return std::make_unique<SharedStore>(records_); }},
        clock_);
  }
  // Also closes, so that all is written.
  void keep(const std::string& path, const Embedding& embedding) {
    auto kept = open();
    kept->keep(path, *stamp_of_file(path), *sha256_of_file(path), embedding);
  }

  test::TemporaryFolder folder_;
  test::FakeClock clock_;
  SharedRecords records_;
  const Embedding embedding_{0.1f, -3.25f, 1e-30f};
};

TEST_F(LocalEmbeddingsTest, TheNextRunFindsThemByTheStampBitForBit) {
  const std::string path = folder_.write("a.jpg", "bytes").string();
  keep(path, embedding_);
  EXPECT_EQ(open()->find(*stamp_of_file(path)), embedding_);
  EXPECT_EQ(open(0, "another network")->find(*stamp_of_file(path)), std::nullopt);
}

TEST_F(LocalEmbeddingsTest, AFileThatChangedIsNotFoundByItsStampAlthoughItsTimeIsSetBack) {
  const std::string path = folder_.write("a.jpg", "bytes").string();
  struct stat before {};
  ASSERT_EQ(::stat(path.c_str(), &before), 0);
  keep(path, embedding_);
  folder_.write("a.jpg", "BYTES");
  const timespec times[] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  auto kept = open();
  EXPECT_EQ(kept->find(*stamp_of_file(path)), std::nullopt);
  EXPECT_EQ(kept->find(path, *stamp_of_file(path), *sha256_of_file(path)), std::nullopt);
}

TEST_F(LocalEmbeddingsTest, AMovedOrCopiedFileIsFoundByItsContentAndThenByItsStamp) {
  const std::string path = folder_.write("a.jpg", "bytes").string();
  keep(path, embedding_);
  const std::string copy = folder_.write("b.jpg", "bytes").string();
  EXPECT_EQ(open()->find(*stamp_of_file(copy)), std::nullopt);
  EXPECT_EQ(open()->find(copy, *stamp_of_file(copy), *sha256_of_file(copy)), embedding_);
  EXPECT_EQ(open()->find(*stamp_of_file(copy)), embedding_);
}

TEST_F(LocalEmbeddingsTest, TheStampOfAFileWrittenJustNowIsNotTrusted) {
  set_clock_after(std::chrono::seconds(0));
  const std::string path = folder_.write("a.jpg", "bytes").string();
  keep(path, embedding_);
  EXPECT_EQ(open()->find(*stamp_of_file(path)), std::nullopt);
  EXPECT_EQ(open()->find(path, *stamp_of_file(path), *sha256_of_file(path)), embedding_);
}

TEST_F(LocalEmbeddingsTest, AFileThatChangedWhileItWasReadLeavesNoStamp) {
  const std::string path = folder_.write("a.jpg", "bytes").string();
  const FileStamp before = *stamp_of_file(path);
  const std::string sha256 = *sha256_of_file(path);
  folder_.write("a.jpg", "other bytes");
  open()->keep(path, before, sha256, embedding_);
  EXPECT_EQ(open()->find(before), std::nullopt);
}

TEST_F(LocalEmbeddingsTest, MemoryServesTheOtherSearchesOfARun) {
  const std::string path = folder_.write("a.jpg", "bytes").string();
  auto kept = open(1 << 20);
  kept->keep(path, *stamp_of_file(path), *sha256_of_file(path), embedding_);
  EXPECT_EQ(kept->recall(*stamp_of_file(path)), embedding_);
  EXPECT_EQ(open(1 << 20)->recall(*stamp_of_file(path)), std::nullopt);
  EXPECT_EQ(open(0)->recall(*stamp_of_file(path)), std::nullopt);
}

TEST_F(LocalEmbeddingsTest, AGarbledRecordIsNotThere) {
  const std::string path = folder_.write("a.jpg", "bytes").string();
  keep(path, embedding_);
  for (auto& [key, bytes] : records_.bytes)
    bytes = "nonsense";
  EXPECT_EQ(open()->find(*stamp_of_file(path)), std::nullopt);
  EXPECT_EQ(open()->find(path, *stamp_of_file(path), *sha256_of_file(path)), std::nullopt);
}

TEST_F(LocalEmbeddingsTest, WithoutAStoreNothingIsFound) {
  const std::string path = folder_.write("a.jpg", "bytes").string();
  LocalEmbeddings kept({.identity = "network"}, clock_);
  kept.keep(path, *stamp_of_file(path), *sha256_of_file(path), embedding_);
  EXPECT_EQ(kept.find(*stamp_of_file(path)), std::nullopt);
  EXPECT_EQ(stamp_of_file("/no/such/file"), std::nullopt);
  EXPECT_EQ(stamp_of_file(folder_.path().string()), std::nullopt);
}

}  // namespace
}  // namespace lookalike

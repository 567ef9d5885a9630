#include "core/base/files/sqlite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using testing::HasSubstr;

constexpr Database::Settings kSettings{
    .busy_timeout = std::chrono::milliseconds(5000), .application_id = 4711, .schema = "CREATE TABLE t (x INTEGER)"};

mode_t mode_of_file(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

class SqliteTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "state" / "test.db"; }
  test::TemporaryFolder folder_;
};

TEST_F(SqliteTest, MakesAPrivateFileInAPrivateFolder) {
  const mode_t old = ::umask(0);
  auto database = Database::open(file(), kSettings);
  ASSERT_TRUE(database.ok()) << database.error().message;
  ASSERT_TRUE(database->run("INSERT INTO t VALUES (1)").ok());
  ::umask(old);
  EXPECT_EQ(mode_of_file(file()), 0600u);
  EXPECT_EQ(mode_of_file(file().string() + "-wal"), 0600u);
  EXPECT_EQ(mode_of_file(file().parent_path()), 0700u);
}

TEST_F(SqliteTest, TakesRightsAwayFromAFileThatOthersCouldRead) {
  ASSERT_TRUE(Database::open(file(), kSettings).ok());
  ::chmod(file().c_str(), 0644);
  ASSERT_TRUE(Database::open(file(), kSettings).ok());
  EXPECT_EQ(mode_of_file(file()), 0600u);
}

TEST_F(SqliteTest, KeepsWhatWasWritten) {
  {
    auto database = Database::open(file(), kSettings);
    auto insert = database->prepare("INSERT INTO t VALUES (?1)");
    for (int i = 1; i <= 10; ++i)
      ASSERT_TRUE(insert->bind(1, i).run().ok());
  }
  auto again = Database::open(file(), kSettings);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again->integer("SELECT sum(x) FROM t"), 55);
}

TEST_F(SqliteTest, BlobsComeBackAsTheyAre) {
  auto database = Database::open(file(), kSettings);
  ASSERT_TRUE(database->run("CREATE TABLE b (x BLOB)").ok());
  const std::string bytes("a\0b\xff", 4);
  ASSERT_TRUE(database->prepare("INSERT INTO b VALUES (?1)")->bind_blob(1, bytes).run().ok());
  ASSERT_TRUE(database->prepare("INSERT INTO b VALUES (?1)")->bind_blob(1, {}).run().ok());
  auto select = database->prepare("SELECT x FROM b ORDER BY rowid");
  ASSERT_TRUE(*select->step());
  EXPECT_EQ(select->blob(0), bytes);
  ASSERT_TRUE(*select->step());
  EXPECT_EQ(select->blob(0), "");
  EXPECT_FALSE(*select->step());
}

TEST_F(SqliteTest, ATransactionThatIsLeftIsUndone) {
  auto database = Database::open(file(), kSettings);
  {
    auto transaction = Transaction::begin(*database);
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(database->run("INSERT INTO t VALUES (1)").ok());
  }
  EXPECT_EQ(*database->integer("SELECT count(*) FROM t"), 0);
}

TEST_F(SqliteTest, SaysBusyWhenAnotherHoldsTheFile) {
  auto one = Database::open(file(), kSettings);
  auto settings = kSettings;
  settings.busy_timeout = std::chrono::milliseconds(1);
  auto two = Database::open(file(), settings);
  const auto held = Transaction::begin(*one);
  const auto refused = Transaction::begin(*two);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::interrupted);
}

TEST_F(SqliteTest, ManyMayMakeTheFileAtOnce) {
  std::atomic<int> opened = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      while (true) {
        auto database = Database::open(file(), kSettings);
        if (!database.ok()) {
          // Changing a new file's journal cannot wait for others.
          ASSERT_EQ(database.error().code, ErrorCode::interrupted) << database.error().message;
          continue;
        }
        ASSERT_TRUE(database->run("INSERT INTO t VALUES (1)").ok());
        ++opened;
        return;
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(opened, 8);
  EXPECT_EQ(*Database::open(file(), kSettings)->integer("SELECT count(*) FROM t"), 8);
}

TEST_F(SqliteTest, DamageIsBadData) {
  std::filesystem::create_directories(file().parent_path());
  std::ofstream(file()) << std::string(10'000, 'x');
  const auto database = Database::open(file(), kSettings);
  ASSERT_FALSE(database.ok());
  EXPECT_EQ(database.error().code, ErrorCode::bad_data);
}

TEST_F(SqliteTest, RefusesAnotherProgramsDatabase) {
  auto other = kSettings;
  other.application_id = 1;
  ASSERT_TRUE(Database::open(file(), other).ok());
  const auto database = Database::open(file(), kSettings);
  ASSERT_FALSE(database.ok());
  EXPECT_EQ(database.error().code, ErrorCode::usage);
}

TEST_F(SqliteTest, AFolderThatCannotBeMadeIsSaid) {
  const auto blocked = folder_.write("file", "");
  const auto database = Database::open(blocked / "below" / "test.db", kSettings);
  ASSERT_FALSE(database.ok());
  EXPECT_EQ(database.error().code, ErrorCode::not_found);
  EXPECT_THAT(database.error().message, HasSubstr("below"));
}

TEST_F(SqliteTest, RemovesAllThatSqliteMade) {
  ASSERT_TRUE(Database::open(file(), kSettings)->run("INSERT INTO t VALUES (1)").ok());
  ASSERT_TRUE(remove_database(file()).ok());
  EXPECT_TRUE(std::filesystem::is_empty(file().parent_path()));
  EXPECT_TRUE(remove_database(file()).ok());
}

}  // namespace
}  // namespace lookalike

// The little of SQLite that the state and the cache need: open a private file, run statements, read rows.
// Several processes may have the same file open; who writes waits for the others at most `busy_timeout`.
// Threads: one at a time; the owner locks.
// Tested by tests/core/base/files/sqlite_test.cc
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace lookalike {

// What of SQLite's failures a caller may do something about, as an ErrorCode:
// interrupted: others held the file longer than the time-out; try again. bad_data: the file is damaged or no database.
// not_found: everything else (no permission, read-only, disk full).
class Statement {
 public:
  Statement(Statement&&) = default;

  // Parameters are counted from 1, columns from 0. Bound bytes must live until the next reset().
  Statement& bind(int parameter, int64_t value);
  Statement& bind_text(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::string_view bytes);

  // True: a row can be read; false: there are no more.
  Result<bool> step();
  // Steps through to the end and is ready to be used again.
  Status run();
  // The first column of the only row; 0 when there is none. Ready to be used again.
  Result<int64_t> integer_result();
  void reset();

  int64_t integer(int column) const;
  // Valid until the next step().
  std::string_view blob(int column) const;

 private:
  friend class Database;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

class Database {
 public:
  struct Settings {
    std::chrono::milliseconds busy_timeout{100};
    int application_id = 0;   // says whose file it is; another program's database is refused. REQUIRES: not 0
    const char* schema = "";  // CREATE ... IF NOT EXISTS; run when the file is new
  };

  // Opens or makes the file with mode 0600, and its folder with mode 0700. A write-ahead log lets readers and one
  // writer work at once and survives the death of any of them at any moment.
  // Errors: as above; usage when the file is another program's.
  static Result<Database> open(const std::filesystem::path& file, const Settings& settings);
  Database(Database&&) = default;

  Status run(const char* sql);
  Result<Statement> prepare(std::string_view sql);
  Result<int64_t> integer(const char* sql);

 private:
  struct Closer {
    void operator()(sqlite3* handle) const;
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}
  Status set_up(const Settings& settings);
  Status make_tables(const Settings& settings);

  std::unique_ptr<sqlite3, Closer> handle_;
};

// BEGIN IMMEDIATE, so that what is read stays true until it is written; rolled back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  ~Transaction();

  Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

// The file and those that SQLite keeps beside it, removed. Errors: not_found when one cannot be removed.
Status remove_database(const std::filesystem::path& file);

}  // namespace lookalike

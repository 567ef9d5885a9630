#include "core/base/files/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/base/files/unique_fd.h"

namespace lookalike {
namespace {

ErrorCode code_of(int result) {
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::interrupted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::bad_data;
    default: return ErrorCode::not_found;
  }
}

Error error_of(sqlite3* handle, int result) {
  const std::string why = handle == nullptr ? sqlite3_errstr(result) : sqlite3_errmsg(handle);
  const int system = handle == nullptr ? 0 : sqlite3_system_errno(handle);
  const bool by_system = (result & 0xFF) == SQLITE_CANTOPEN || (result & 0xFF) == SQLITE_IOERR;
  return {code_of(result), by_system && system != 0 ? why + " (" + std::strerror(system) + ")" : why};
}

Status make_private_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::is_directory(folder, error)) return {};
  std::filesystem::create_directories(folder.parent_path(), error);
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return Error{ErrorCode::not_found, "cannot make the folder " + folder.string() + ": " + std::strerror(errno)};
}

// SQLite itself would make it readable to others. An existing file is not opened here: closing it again would take
// away the locks that another connection of this process holds.
Status make_private_file(const std::filesystem::path& file) {
  const UniqueFd made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made.is_open()) return {};
  if (errno != EEXIST) {
    return Error{ErrorCode::not_found, "cannot make " + file.string() + ": " + std::strerror(errno)};
  }
  struct stat info {};
  if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0) (void)::chmod(file.c_str(), 0600);
  return {};
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement& Statement::bind(int parameter, int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

Statement& Statement::bind_text(int parameter, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  // A null pointer would bind NULL instead of an empty blob.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  sqlite3_bind_blob64(statement_.get(), parameter, data, bytes.size(), SQLITE_STATIC);
  return *this;
}

Result<bool> Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  Error error = error_of(sqlite3_db_handle(statement_.get()), result);
  reset();
  return error;
}

Status Statement::run() {
  while (true) {
    const auto row = step();
    if (!row) return row.error();
    if (*row) continue;
    reset();
    return {};
  }
}

Result<int64_t> Statement::integer_result() {
  const auto row = step();
  if (!row) return row.error();
  const int64_t value = *row ? integer(0) : 0;
  reset();
  return value;
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string_view()
                         : std::string_view(static_cast<const char*>(data), static_cast<size_t>(size));
}

void Database::Closer::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

Result<Database> Database::open(const std::filesystem::path& file, const Settings& settings) {
  if (Status made = make_private_folder(file.parent_path()); !made) return made.error();
  if (Status made = make_private_file(file); !made) return made.error();
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  const int result = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (result != SQLITE_OK) return error_of(handle, result);
  sqlite3_busy_timeout(handle, static_cast<int>(settings.busy_timeout.count()));
  // The log is written back into the file when it has grown, not at every end of a program: that would cost a sync.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (Status set = database.set_up(settings); !set) return set.error();
  return database;
}

Status Database::set_up(const Settings& settings) {
  const auto owner = integer("PRAGMA application_id");
  if (!owner) return owner.error();
  if (*owner != settings.application_id) {
    if (Status made = make_tables(settings); !made) return made;
  }
  // Nothing happens when the file has a log already, which it keeps for good.
  if (Status logged = run("PRAGMA journal_mode = WAL"); !logged) return logged;
  return run("PRAGMA synchronous = NORMAL");
}

Status Database::make_tables(const Settings& settings) {
  // Two processes may get here at once, so all is looked at and done in one transaction.
  auto transaction = Transaction::begin(*this);
  if (!transaction) return transaction.error();
  const auto owner = integer("PRAGMA application_id");
  if (!owner) return owner.error();
  if (*owner == settings.application_id) return {};
  const auto tables = integer("SELECT count(*) FROM sqlite_master");
  if (!tables) return tables.error();
  if (*owner != 0 || *tables != 0) return Error{ErrorCode::usage, "it is another program's database"};
  if (Status done = run(settings.schema); !done) return done;
  const std::string mark = "PRAGMA application_id = " + std::to_string(settings.application_id);
  if (Status done = run(mark.c_str()); !done) return done;
  return transaction->commit();
}

Status Database::run(const char* sql) {
  const int result = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return error_of(handle_.get(), result);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) return error_of(handle_.get(), result);
  return Statement(statement);
}

Result<int64_t> Database::integer(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  return statement->integer_result();
}

Result<Transaction> Transaction::begin(Database& database) {
  if (Status begun = database.run("BEGIN IMMEDIATE"); !begun) return begun.error();
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->run("ROLLBACK");
}

Status Transaction::commit() {
  Status done = database_->run("COMMIT");
  if (done) database_ = nullptr;
  return done;
}

Status remove_database(const std::filesystem::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code error;
    std::filesystem::remove(file.string() + suffix, error);
    if (error) return Error{ErrorCode::not_found, "cannot remove " + file.string() + suffix + ": " + error.message()};
  }
  return {};
}

}  // namespace lookalike

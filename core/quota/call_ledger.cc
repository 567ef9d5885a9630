// How several processes keep one limit together, exactly, without talking to each other.
//
// The limit says: in any hour at most so many calls. A counter that starts anew each hour would let twice as many
// through around the full hour. So the ledger keeps the time of every call of the last hour, a row each. A call may be
// made when fewer than `limit` rows are younger than an hour.
//
// To look and to write must be one step. Otherwise two processes could both see one free call and both take it. SQLite
// gives that: BEGIN IMMEDIATE lets one process in at a time, and commits all or nothing. A process that is killed in
// the middle leaves no half of a row and no lock; the kernel lets its lock go.
//
// The time is read inside the transaction. Read before it, it could be older than a row that another process wrote
// meanwhile, and the window would end at two places. Inside, times can only grow from one transaction to the next,
// unless somebody sets the clock back. Then rows seem to lie in the future; tidy() dates them to now, so they leave an
// hour from now. The budget is used too little then, never too much.
//
// The row is written before the call is made. A process that dies in between has used a call up for nothing: again too
// few calls, never too many. A call that turns out never to have reached the service is given back by its row's number.
//
// The window holds both its ends: a call at 12:00:00 still counts at 13:00:00.000000, and is gone a microsecond later.
//
// Example, with a limit of 3 an hour:
//     12:00  process A takes one     rows 12:00                 counted, used 1
//     12:10  process B takes one     rows 12:00 12:10           counted, used 2
//     12:20  A takes one             rows 12:00 12:10 12:20     counted, used 3
//     12:30  B asks                  three rows                 not counted: the row of 12:00 has to leave first,
//                                                               in 30 minutes and a microsecond
//     12:31  A's last call was cut before it was sent: give_back() drops the row of 12:20
//     12:31  B asks                  rows 12:00 12:10           counted, used 3
//     13:00  just after it the row of 12:00 is too old; whoever asks next deletes it
// Which row has to leave? With the limit used up exactly, the oldest. There may be more rows than the limit: it was
// lowered since, or another process has a higher one. Then it is the one `used - limit` places after the oldest. Waits
// are rounded up to milliseconds, so that who waits so long finds the row gone.
//
// Accounts are kept apart by a salted hash, so the file tells nobody whose keys were used.
#include "core/quota/call_ledger.h"

#include <utility>

#include "core/base/text/digest.h"

namespace lookalike {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int kApplicationId = 0x6C6B6C67;  // "lklg"
// The client's thread waits for others here; what is still busy then is asked again later.
constexpr milliseconds kBusyTimeout{25};
constexpr int64_t kWindow = microseconds(kCallWindow).count();

constexpr const char* kSchema =
    "CREATE TABLE salt (value TEXT NOT NULL);"
    "INSERT INTO salt VALUES (lower(hex(randomblob(32))));"
    "CREATE TABLE accounts (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE);"
    "CREATE TABLE calls (account INTEGER NOT NULL, at INTEGER NOT NULL);"  // microseconds since 1970
    "CREATE INDEX calls_by_time ON calls (account, at);";

// Up, so that who waits so long finds the call gone.
milliseconds up_to_milliseconds(int64_t count) {
  return std::chrono::ceil<milliseconds>(microseconds(count));
}

}  // namespace

Result<CallLedger> CallLedger::open(const std::filesystem::path& file, const Clock& clock) {
  auto database =
      Database::open(file, {.busy_timeout = kBusyTimeout, .application_id = kApplicationId, .schema = kSchema});
  if (!database) return database.error();
  CallLedger ledger(*std::move(database), clock);
  if (Status learned = ledger.learn_salt(); !learned) return learned.error();
  return ledger;
}

Status CallLedger::learn_salt() {
  auto statement = database_.prepare("SELECT value FROM salt");
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  if (*row) salt_ = statement->blob(0);
  if (salt_.empty()) return Error{ErrorCode::bad_data, "its salt is missing"};
  return {};
}

// REQUIRES: in a transaction
Result<int64_t> CallLedger::id_of(std::string_view account) {
  const std::string hash = sha256_hex(salt_ + '\n' + std::string(account));
  auto insert = database_.prepare("INSERT OR IGNORE INTO accounts (hash) VALUES (?1)");
  if (!insert) return insert.error();
  if (Status done = insert->bind_text(1, hash).run(); !done) return done.error();
  auto select = database_.prepare("SELECT id FROM accounts WHERE hash = ?1");
  if (!select) return select.error();
  return select->bind_text(1, hash).integer_result();
}

// Drops what has left the window, dates back what seems to lie in the future; returns the time. REQUIRES: in a
// transaction; only there is the time later than all that others have written, unless the clock was set back.
Result<int64_t> CallLedger::tidy(int64_t id) {
  const int64_t now = std::chrono::duration_cast<microseconds>(clock_->wall_time().time_since_epoch()).count();
  auto drop = database_.prepare("DELETE FROM calls WHERE account = ?1 AND at < ?2");
  if (!drop) return drop.error();
  if (Status done = drop->bind(1, id).bind(2, now - kWindow).run(); !done) return done.error();
  auto redate = database_.prepare("UPDATE calls SET at = ?2 WHERE account = ?1 AND at > ?2");
  if (!redate) return redate.error();
  if (Status done = redate->bind(1, id).bind(2, now).run(); !done) return done.error();
  return now;
}

Result<int64_t> CallLedger::count(int64_t id) {
  auto statement = database_.prepare("SELECT count(*) FROM calls WHERE account = ?1");
  if (!statement) return statement.error();
  return statement->bind(1, id).integer_result();
}

Result<int64_t> CallLedger::nth_oldest(int64_t id, int64_t n) {
  auto statement = database_.prepare("SELECT at FROM calls WHERE account = ?1 ORDER BY at LIMIT 1 OFFSET ?2");
  if (!statement) return statement.error();
  return statement->bind(1, id).bind(2, n).integer_result();
}

// The new row's number.
Result<int64_t> CallLedger::write_down(int64_t id, int64_t now) {
  auto insert = database_.prepare("INSERT INTO calls VALUES (?1, ?2)");
  if (!insert) return insert.error();
  if (Status done = insert->bind(1, id).bind(2, now).run(); !done) return done.error();
  auto number = database_.prepare("SELECT last_insert_rowid()");
  if (!number) return number.error();
  return number->integer_result();
}

Result<CallAttempt> CallLedger::take(std::string_view account, int limit) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  const auto id = id_of(account);
  if (!id) return id.error();
  const auto now = tidy(*id);
  if (!now) return now.error();
  const auto used = count(*id);
  if (!used) return used.error();
  CallAttempt attempt{.used = static_cast<int>(*used)};
  if (limit > 0 && *used >= limit) {
    const auto leaving = nth_oldest(*id, *used - limit);
    if (!leaving) return leaving.error();
    attempt.wait = up_to_milliseconds(*leaving + kWindow + 1 - *now);
  } else {
    const auto receipt = write_down(*id, *now);
    if (!receipt) return receipt.error();
    attempt.receipt = *receipt;
    attempt.counted = true;
    ++attempt.used;
  }
  if (Status done = transaction->commit(); !done) return done.error();
  return attempt;
}

Status CallLedger::give_back(std::string_view account, int64_t receipt) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  const auto id = id_of(account);
  if (!id) return id.error();
  auto drop = database_.prepare("DELETE FROM calls WHERE rowid = ?1 AND account = ?2");
  if (!drop) return drop.error();
  if (Status done = drop->bind(1, receipt).bind(2, *id).run(); !done) return done;
  return transaction->commit();
}

Result<CallUse> CallLedger::use(std::string_view account) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return transaction.error();
  const auto id = id_of(account);
  if (!id) return id.error();
  const auto now = tidy(*id);
  if (!now) return now.error();
  const auto used = count(*id);
  if (!used) return used.error();
  CallUse use{.used = static_cast<int>(*used)};
  if (*used > 0) {
    const auto oldest = nth_oldest(*id, 0);
    const auto newest = nth_oldest(*id, *used - 1);
    if (!oldest) return oldest.error();
    if (!newest) return newest.error();
    use.next_free = up_to_milliseconds(*oldest + kWindow + 1 - *now);
    use.all_free = up_to_milliseconds(*newest + kWindow + 1 - *now);
  }
  if (Status done = transaction->commit(); !done) return done.error();
  return use;
}

}  // namespace lookalike

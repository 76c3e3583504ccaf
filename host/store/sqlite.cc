// The fence to SQLite. Texts are bound without copying (SQLITE_STATIC): callers keep them until the step.
#include "host/store/sqlite.h"

#include <sqlite3.h>

#include <utility>

namespace lictor {

namespace {

constexpr int kBusyMilliseconds = 5'000;

}  // namespace

Error sqlite_error(sqlite3* database, int code) {
  std::string message = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  int primary = code & 0xff;
  bool damaged = primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT || primary == SQLITE_SCHEMA;
  return Error{damaged ? ErrorKind::kInvalid : ErrorKind::kUnavailable, message, {}};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::check(int code) {
  if (bind_failed_ == SQLITE_OK) bind_failed_ = code;
}
void Statement::bind(int index, int64_t value) { check(sqlite3_bind_int64(statement_.get(), index + 1, value)); }
void Statement::bind(int index, std::string_view text) {
  const char* bytes = text.data() != nullptr ? text.data() : "";
  check(sqlite3_bind_text64(statement_.get(), index + 1, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}
void Statement::bind_blob(int index, std::span<const uint8_t> bytes) {
  check(sqlite3_bind_blob64(statement_.get(), index + 1, bytes.data(), bytes.size(), SQLITE_STATIC));
}
void Statement::bind_null(int index) { check(sqlite3_bind_null(statement_.get(), index + 1)); }

Result<bool> Statement::step() {
  if (int code = std::exchange(bind_failed_, SQLITE_OK); code != SQLITE_OK) {
    return std::unexpected(sqlite_error(nullptr, code));
  }
  int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  Error error;
  if (code != SQLITE_DONE) error = sqlite_error(sqlite3_db_handle(statement_.get()), code);
  sqlite3_reset(statement_.get());
  if (code != SQLITE_DONE) return std::unexpected(std::move(error));
  return false;
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
std::string_view Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}
std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}
bool Statement::out_of_memory() const {
  return (sqlite3_errcode(sqlite3_db_handle(statement_.get())) & 0xff) == SQLITE_NOMEM;
}
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

namespace {

/// `path` as a file: URI, in which no byte of it means anything.
std::string uri(const std::string& path, std::string_view parameters) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text = path.starts_with('/') ? "file://" : "file:";
  for (unsigned char byte : path) {
    bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                 byte == '/' || byte == '.' || byte == '-' || byte == '_';
    if (plain) {
      text += static_cast<char>(byte);
    } else {
      text += '%';
      text += kDigits[byte >> 4];
      text += kDigits[byte & 15];
    }
  }
  return text.append(parameters);
}

int open_flags(Database::Mode mode) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
  if (mode == Database::Mode::kReadWriteCreate) return flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  return flags | SQLITE_OPEN_READONLY;
}

}  // namespace

Result<Database> Database::open(const std::string& path, Mode mode) {
  if (path.empty() || path.contains('\0')) return fail(ErrorKind::kUsage, "not a path of a file");
  sqlite3* raw = nullptr;
  std::string name = uri(path, mode == Mode::kImmutable ? "?immutable=1" : "");
  int code = sqlite3_open_v2(name.c_str(), &raw, open_flags(mode), nullptr);
  Database database;
  database.database_.reset(raw);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(raw, code));
  sqlite3_busy_timeout(raw, kBusyMilliseconds);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (auto done = database.run("PRAGMA cell_size_check = ON"); !done) return std::unexpected(done.error());
  return database;
}

Result<Statement> Database::prepare(const char* sql) const {
  sqlite3_stmt* raw = nullptr;
  int code = sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(database_.get(), code));
  return Statement(raw);
}

Result<void> Database::run(const char* sql) const {
  int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(sqlite_error(database_.get(), code));
  return {};
}

bool Database::is_full() const { return (sqlite3_errcode(database_.get()) & 0xff) == SQLITE_FULL; }
bool Database::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

Result<int64_t> Database::number(const char* sql) const {
  auto statement = prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return *row ? statement->integer(0) : 0;
}

Result<std::string> Database::text(const char* sql) const {
  auto statement = prepare(sql);
  if (!statement) return std::unexpected(statement.error());
  auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  return *row ? std::string(statement->text(0)) : std::string();
}

}  // namespace lictor

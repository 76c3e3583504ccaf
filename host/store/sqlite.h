// SQLite behind a fence: connections and statements that close themselves, and errors as lictor::Error.
//
// All values are bound parameters; statement texts are constants. Not thread-safe: one connection, one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lictor/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace lictor {

class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  /// Parameters and columns count from 0. Bound texts must live until the next step, which fails where a bind did (a text
  /// that is too long): otherwise the value of the row before would be stored.
  void bind(int index, int64_t value);
  void bind(int index, std::string_view text);
  void bind_blob(int index, std::span<const uint8_t> bytes);
  void bind_null(int index);

  /// True: a row is there. False: the end. The statement is reset at the end and after an error.
  Result<bool> step();
  void reset();

  int64_t integer(int column) const;
  /// Valid until the next step.
  std::string_view text(int column) const;
  std::string_view blob(int column) const;
  bool is_null(int column) const;
  /// Did reading a column of the row fail for want of memory? Then what it gave was empty.
  bool out_of_memory() const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void check(int code);
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_failed_ = 0;  // the first code of a bind that failed since the last step
};

class Database {
 public:
  enum class Mode : uint8_t { kReadOnly, kReadWriteCreate, kImmutable };

  /// Opens with the defensive settings: no trusted schema, checked cells, no writes to the schema by tricks.
  static Result<Database> open(const std::string& path, Mode mode);
  Database() = default;

  Result<Statement> prepare(const char* sql) const;
  /// Runs statements that give no rows.
  Result<void> run(const char* sql) const;
  /// Did the last failure come from a full disk? Then nothing of the transaction is on it.
  bool is_full() const;
  /// Is a transaction open that was begun by hand?
  bool in_transaction() const;
  /// The first column of the only row.
  Result<int64_t> number(const char* sql) const;
  Result<std::string> text(const char* sql) const;

  bool is_open() const { return database_ != nullptr; }
  void close() { database_.reset(); }
  /// Gives the connection up without closing it: for a forked child, which must not touch its parent's file.
  void abandon() { (void)database_.release(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

/// What SQLite says about the last failure, as an Error: kInvalid for files that are no databases or damaged ones,
/// kUnavailable for the rest.
Error sqlite_error(sqlite3* database, int code);

}  // namespace lictor

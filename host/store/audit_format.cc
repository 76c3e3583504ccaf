// Field by field with a length before each, so that no two different records give the same bytes to hash.
#include "host/store/audit_format.h"

#include <charconv>
#include <cstring>

#include "host/canonical_json.h"

namespace lictor::audit_format {

namespace {

constexpr std::string_view kRecordTag = "lictor-audit-record-1\n";
constexpr std::string_view kGenesisTag = "lictor-audit-genesis-1\n";

bool read_digest(std::string_view blob, Digest& out) {
  if (blob.size() != out.size()) return false;
  std::memcpy(out.data(), blob.data(), out.size());
  return true;
}

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

// A request's digest is part of the chain and its text is not, but whether a text is kept is: a text can be checked
// against the digest, and one that was taken out is seen.
const std::vector<const char*> kSchema = {
    "CREATE TABLE log (one INTEGER PRIMARY KEY CHECK (one = 1), identity TEXT NOT NULL, created INTEGER NOT NULL,"
    " genesis BLOB NOT NULL) STRICT",
    "CREATE TABLE record (seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, id TEXT NOT NULL, bundle TEXT NOT NULL,"
    " decision TEXT NOT NULL, facts INTEGER NOT NULL, request_digest BLOB NOT NULL, request TEXT,"
    " outcome TEXT NOT NULL, clause TEXT NOT NULL, reason TEXT NOT NULL, override INTEGER NOT NULL,"
    " errors TEXT NOT NULL, engine TEXT NOT NULL, now INTEGER NOT NULL, hash BLOB NOT NULL) STRICT",
    "CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER record_no_delete BEFORE DELETE ON record"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER record_no_update BEFORE UPDATE ON record"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
};

bool read_row(const Statement& s, Row& row) {
  row.seq = s.integer(0);
  row.time = s.integer(1);
  row.id = s.text(2);
  row.bundle = s.text(3);
  row.decision = s.text(4);
  row.facts = s.integer(5);
  row.has_request = !s.is_null(7);
  row.request = s.text(7);
  row.outcome = s.text(8);
  row.clause = s.text(9);
  row.reason = s.text(10);
  int64_t is_override = s.integer(11);
  row.is_override = is_override == 1;
  row.errors = s.text(12);
  row.engine = s.text(13);
  row.now = s.integer(14);
  bool digests = read_digest(s.blob(6), row.request_digest) && read_digest(s.blob(15), row.hash);
  return digests && (is_override == 0 || is_override == 1);
}

void bind_row(Statement& s, const Row& row) {
  s.bind(0, row.seq);
  s.bind(1, row.time);
  s.bind(2, row.id);
  s.bind(3, row.bundle);
  s.bind(4, row.decision);
  s.bind(5, row.facts);
  s.bind_blob(6, row.request_digest);
  row.has_request ? s.bind(7, row.request) : s.bind_null(7);
  s.bind(8, row.outcome);
  s.bind(9, row.clause);
  s.bind(10, row.reason);
  s.bind(11, static_cast<int64_t>(row.is_override));
  s.bind(12, row.errors);
  s.bind(13, row.engine);
  s.bind(14, row.now);
  s.bind_blob(15, row.hash);
}

Digest chain(Sha256& hash, const Digest& previous, const Row& row) {
  hash.add(kRecordTag);
  hash.add(bytes_of(previous));
  hash.add_field(row.seq);
  hash.add_field(row.time);
  hash.add_field(row.id);
  hash.add_field(row.bundle);
  hash.add_field(row.decision);
  hash.add_field(row.facts);
  hash.add_field(bytes_of(row.request_digest));
  hash.add_field(static_cast<int64_t>(row.has_request));
  hash.add_field(row.outcome);
  hash.add_field(row.clause);
  hash.add_field(row.reason);
  hash.add_field(static_cast<int64_t>(row.is_override));
  hash.add_field(row.errors);
  hash.add_field(row.engine);
  hash.add_field(row.now);
  return hash.finish();
}

Digest genesis(std::string_view identity, int64_t created) {
  Sha256 hash;
  hash.add(kGenesisTag);
  hash.add_field(identity);
  hash.add_field(created);
  return hash.finish();
}

std::string errors_text(const std::vector<std::string>& errors) {
  std::string text = "[";
  for (const std::string& error : errors) {
    if (text.size() > 1) text += ',';
    text += json_string(error);
  }
  return text += ']';
}

namespace {

/// Reads what errors_text() wrote. (A general reader of JSON would do, but the one at hand ends the process where its trees
/// are destroyed without memory.)
class ErrorsReader {
 public:
  explicit ErrorsReader(std::string_view text) : text_(text) {}

  bool read(std::vector<std::string>& errors) {
    if (!take('[')) return false;
    while (!take(']')) {
      if (!errors.empty() && !take(',')) return false;
      if (!take('"') || !string(errors.emplace_back())) return false;
    }
    return text_.empty();
  }

 private:
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool string(std::string& out) {
    while (!take('"')) {
      if (text_.empty() || static_cast<unsigned char>(text_[0]) < 0x20) return false;
      if (take('\\')) {
        if (!escape(out)) return false;
      } else {
        out += text_[0];
        text_.remove_prefix(1);
      }
    }
    return true;
  }

  bool escape(std::string& out) {
    static constexpr std::string_view kNames = "\"\\/bfnrt", kBytes = "\"\\/\b\f\n\r\t";
    if (text_.empty()) return false;
    char c = text_[0];
    text_.remove_prefix(1);
    if (size_t at = kNames.find(c); at != std::string_view::npos) return out += kBytes[at], true;
    unsigned value = 0;
    bool hex = c == 'u' && text_.size() >= 4 &&
               std::from_chars(text_.data(), text_.data() + 4, value, 16).ptr == text_.data() + 4;
    if (!hex || value > 0x7f) return false;  // other characters stand for themselves
    text_.remove_prefix(4);
    out += static_cast<char>(value);
    return true;
  }

  std::string_view text_;
};

}  // namespace

std::vector<std::string> parse_errors(std::string_view text) {
  std::vector<std::string> errors;
  if (ErrorsReader(text).read(errors)) return errors;
  return {std::string(text)};
}

AuditRecord to_record(const Row& row) {
  AuditRecord record;
  record.seq = static_cast<uint64_t>(row.seq);
  record.time = row.time;
  record.id = row.id;
  record.bundle = row.bundle;
  record.decision = row.decision;
  record.facts = static_cast<uint64_t>(row.facts);
  record.request_digest = hex(row.request_digest);
  if (row.has_request) record.request = std::string(row.request);
  record.outcome = row.outcome;
  record.clause = row.clause;
  record.reason = row.reason;
  record.is_override = row.is_override;
  record.errors = parse_errors(row.errors);
  record.engine = row.engine;
  record.now = row.now;
  record.hash = hex(row.hash);
  return record;
}

namespace {

std::unexpected<Error> invalid(std::string message) { return fail(ErrorKind::kInvalid, std::move(message)); }

Result<void> check_schema(const Database& database) {
  auto statement = database.prepare("SELECT sql FROM sqlite_schema ORDER BY type, name");
  if (!statement) return std::unexpected(statement.error());
  for (const char* expected : kSchema) {
    auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    bool same = *row && statement->text(0) == expected;
    if (statement->out_of_memory()) return fail(ErrorKind::kUnavailable, "out of memory");
    if (!same) return invalid("the schema of the audit log has been changed");
  }
  auto more = statement->step();
  if (!more) return std::unexpected(more.error());
  if (*more) return invalid("the schema of the audit log has been changed");
  return {};
}

}  // namespace

Result<Log> read_log(const Database& database) {
  auto application = database.number("PRAGMA application_id");
  if (!application) return std::unexpected(application.error());
  if (*application != kApplicationId) return invalid("the file is a database of another application");
  auto version = database.number("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version != kVersion) {
    return invalid("the audit log has format " + std::to_string(*version) + ", this program knows format " +
                   std::to_string(kVersion));
  }
  if (auto done = check_schema(database); !done) return std::unexpected(done.error());

  auto statement = database.prepare("SELECT identity, created, genesis FROM log");
  if (!statement) return std::unexpected(statement.error());
  auto row = statement->step();
  if (!row) return std::unexpected(row.error());
  Log log;
  bool there = *row && read_digest(statement->blob(2), log.genesis);
  if (there) log.identity = statement->text(0);
  if (statement->out_of_memory()) return fail(ErrorKind::kUnavailable, "out of memory");
  if (!there) return invalid("the audit log has no genesis");
  log.created = statement->integer(1);
  if (genesis(log.identity, log.created) != log.genesis)
    return invalid("the genesis of the audit log has been changed");
  return log;
}

}  // namespace lictor::audit_format

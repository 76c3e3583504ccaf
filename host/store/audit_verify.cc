// Verifying and reading: one walk over the records in order of seq, which recomputes the chain beside it.
//
// The first position where the walk and the file disagree is the first bad one: a missing seq was deleted, a wrong digest
// or hash was edited, moved, inserted or doubled. What a walk cannot show is a tail that is simply gone, or a chain that
// somebody computed anew: for these a head kept elsewhere is compared.
#include <sys/stat.h>

#include <charconv>

#include "host/store/audit_format.h"
#include "lictor/audit.h"

namespace lictor {

using audit_format::Row;

namespace {

constexpr std::string_view kHeadTag = "lictor-audit-head-1 ";

std::unexpected<Error> about(const std::string& path, Error error) {
  error.message = "the audit log `" + path + "`: " + error.message;
  return std::unexpected(std::move(error));
}

bool exists(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && info.st_size > 0;
}

/// A log whose folder cannot be written, with no writer at work, is read as it lies there.
Result<Database> open_to_read(const std::string& path) {
  if (!exists(path)) return fail(ErrorKind::kUnreadable, "there is no such file, or it is empty");
  auto database = Database::open(path, Database::Mode::kReadOnly);
  if (database) {
    auto pages = database->number("PRAGMA schema_version");
    if (pages || pages.error().kind == ErrorKind::kInvalid || exists(path + "-wal")) return database;
  }
  return Database::open(path, Database::Mode::kImmutable);
}

class Walk {
 public:
  Walk(AuditReport& report, const audit_format::Log& log, const std::optional<AuditHead>& expected)
      : report_(report), expected_(expected), last_(log.genesis) {}

  void run(const Database& database) {
    auto statement = database.prepare(audit_format::kSelect);
    if (!statement) return unreadable(1, std::move(statement.error()));
    statement->bind(0, INT64_MIN);
    check_expected();
    while (!report_.bad && !failed_) {
      auto row = statement->step();
      if (!row) return unreadable(next_, std::move(row.error()));
      if (!*row) break;
      check(*statement);
    }
    if (!report_.bad && !failed_ && expected_ && !report_.checked_head) {
      bad(next_, "record " + std::to_string(next_) + " is missing: the log ends at " + std::to_string(next_ - 1) +
                     ", the head kept elsewhere is at " + std::to_string(expected_->seq));
    }
  }

  /// Why the surroundings (disk, memory) kept the walk from coming to an end: then nothing is known of the log.
  const std::optional<Error>& failed() const { return failed_; }

  /// What the pages around the records look like. REQUIRES: run() found nothing bad.
  void check_file(const Database& database) {
    auto answer = database.text("PRAGMA quick_check(1)");
    if (!answer) return unreadable(next_, std::move(answer.error()));
    if (*answer != "ok") bad(next_, "the file is damaged: " + *answer);
  }

  AuditHead head() const { return {static_cast<uint64_t>(next_ - 1), hex(last_)}; }

 private:
  void bad(int64_t seq, std::string finding) {
    report_.bad = static_cast<uint64_t>(seq);
    report_.finding = std::move(finding);
  }

  void unreadable(int64_t seq, Error error) {
    if (error.kind == ErrorKind::kInvalid) return bad(seq, "the file is damaged: " + error.message);
    failed_ = std::move(error);
  }

  void check(const Statement& statement) {
    Row row;
    bool formed = audit_format::read_row(statement, row);
    if (statement.out_of_memory()) return unreadable(next_, {ErrorKind::kUnavailable, "out of memory", {}});
    std::string place = "record " + std::to_string(next_);
    if (row.seq > next_) return bad(next_, place + " is missing");
    if (row.seq < next_) return bad(row.seq, "record " + std::to_string(row.seq) + " does not belong here");
    if (!formed) return bad(next_, place + " is malformed");
    if (row.has_request && sha256(row.request) != row.request_digest) {
      return bad(next_, place + " has another request than its digest says");
    }
    if (audit_format::chain(hash_, last_, row) != row.hash) {
      return bad(next_, place + " does not fit the chain: it was changed, inserted or moved");
    }
    last_ = row.hash;
    ++next_;
    ++report_.records;
    check_expected();
  }

  void check_expected() {
    if (!expected_ || static_cast<uint64_t>(next_ - 1) != expected_->seq) return;
    report_.checked_head = true;
    if (hex(last_) == expected_->hash) return;
    bad(next_ - 1, "the chain is not the one of the head kept elsewhere: it was computed anew, or this is another log");
  }

  AuditReport& report_;
  const std::optional<AuditHead>& expected_;
  std::optional<Error> failed_;
  Sha256 hash_;
  Digest last_;
  int64_t next_ = 1;
};

std::string guarantee(const AuditReport& report, const std::optional<AuditHead>& expected) {
  if (!expected) {
    return "checked: no record was edited, deleted, inserted, moved or doubled; not checked, for want of a head kept"
           " elsewhere: that no tail was cut off and the chain was not computed anew";
  }
  if (!report.checked_head) return "the head kept elsewhere was not reached";
  return "checked: no record was edited, deleted, inserted, moved or doubled, and up to record " +
         std::to_string(expected->seq) +
         " the log is the one of the head kept elsewhere; not checked: that no tail after"
         " it was cut off";
}

}  // namespace

Result<AuditReport> verify_audit(const std::string& path, const std::optional<AuditHead>& expected) {
  auto database = open_to_read(path);
  if (!database) return about(path, std::move(database.error()));
  auto log = audit_format::read_log(*database);
  if (!log) return about(path, std::move(log.error()));

  AuditReport report;
  report.identity = log->identity;
  Walk walk(report, *log, expected);
  if (auto done = database->run("BEGIN"); !done) return about(path, std::move(done.error()));
  walk.run(*database);
  if (!report.bad && !walk.failed()) walk.check_file(*database);
  if (walk.failed()) return about(path, *walk.failed());
  report.ok = !report.bad;
  report.head = walk.head();
  report.guarantee = guarantee(report, expected);
  return report;
}

Result<void> read_audit(const std::string& path, uint64_t first_seq,
                        const std::function<bool(const AuditRecord&)>& visit) {
  auto database = open_to_read(path);
  if (!database) return about(path, std::move(database.error()));
  auto log = audit_format::read_log(*database);
  if (!log) return about(path, std::move(log.error()));
  auto statement = database->prepare(audit_format::kSelect);
  if (!statement) return about(path, std::move(statement.error()));
  statement->bind(0, static_cast<int64_t>(std::min<uint64_t>(first_seq, INT64_MAX)));
  while (true) {
    auto there = statement->step();
    if (!there) return about(path, std::move(there.error()));
    if (!*there) return {};
    Row row;
    bool formed = audit_format::read_row(*statement, row);
    if (statement->out_of_memory()) return about(path, {ErrorKind::kUnavailable, "out of memory", {}});
    if (!formed) {
      return about(path, {ErrorKind::kInvalid, "record " + std::to_string(row.seq) + " is malformed", {}});
    }
    if (!visit(audit_format::to_record(row))) return {};
  }
}

std::string head_text(const AuditHead& head) {
  return std::string(kHeadTag) + std::to_string(head.seq) + " " + head.hash;
}

Result<AuditHead> parse_head(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  AuditHead head;
  Digest digest;
  bool good = text.starts_with(kHeadTag);
  if (good) text.remove_prefix(kHeadTag.size());
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), head.seq);
  good = good && error == std::errc() && end != text.data() + text.size() && *end == ' ' && head.seq <= INT64_MAX;
  if (good) {
    head.hash = std::string(end + 1, text.data() + text.size());
    good = parse_hex(head.hash, digest);
  }
  if (!good)
    return fail(ErrorKind::kInvalid, "not the head of an audit log; it looks like `lictor-audit-head-1 SEQ HASH`");
  return head;
}

}  // namespace lictor

// The audit log: what it keeps, what it refuses, and that each kind of tampering is found at its exact place.
#include "lictor/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <ostream>
#include <random>
#include <thread>

#include "host/sha256.h"
#include "tests/host/audit_files.h"

namespace lictor {
namespace {

using testing::Folder;
using ::testing::HasSubstr;
using testing::make_log;
using testing::sample_record;
using testing::sample_records;
using testing::tamper;

std::vector<AuditRecord> all_records(const std::string& path) {
  std::vector<AuditRecord> records;
  auto done = read_audit(path, 0, [&](const AuditRecord& record) {
    records.push_back(record);
    return true;
  });
  EXPECT_TRUE(done) << done.error().message;
  return records;
}

TEST(Audit, KeepsEveryField) {
  Folder folder;
  std::string path = folder / "a.audit";
  AuditRecord given = sample_record(5);
  given.is_override = true;
  given.reason = std::string("quotes ' \" and a NUL \0 and ü", 29);
  given.id = "'; DROP TABLE record; --";
  {
    auto log = AuditLog::open(path);
    ASSERT_TRUE(log) << log.error().message;
    ASSERT_TRUE(log->append(given));
  }
  auto records = all_records(path);
  ASSERT_EQ(records.size(), 1u);
  const AuditRecord& kept = records[0];
  EXPECT_EQ(kept.seq, 1u);
  EXPECT_EQ(kept.time, given.time);
  EXPECT_EQ(kept.id, given.id);
  EXPECT_EQ(kept.bundle, given.bundle);
  EXPECT_EQ(kept.decision, given.decision);
  EXPECT_EQ(kept.facts, given.facts);
  EXPECT_EQ(kept.request, given.request);
  EXPECT_EQ(kept.request_digest, hex(sha256(*given.request)));
  EXPECT_EQ(kept.outcome, given.outcome);
  EXPECT_EQ(kept.clause, given.clause);
  EXPECT_EQ(kept.reason, given.reason);
  EXPECT_TRUE(kept.is_override);
  EXPECT_EQ(kept.errors, given.errors);
  EXPECT_EQ(kept.engine, given.engine);
  EXPECT_EQ(kept.now, given.now);
}

TEST(Audit, KeepsTenThousandAwkwardTextsByteForByte) {
  Folder folder;
  std::string path = folder / "a.audit";
  const std::vector<std::string> pieces = {
      "'", "\"", "''",     ";",       "--",     std::string(1, '\0'), "\n", "\x1f", ",", "/",  "\\",
      "%", "_",  "\u00e9", "e\u0301", "\u202e", "\U0001f600",         "a",  "B",    " ", "?1", "$x",
      ""};
  std::mt19937 random(3);
  std::vector<AuditRecord> records = sample_records(10'000);
  for (AuditRecord& record : records) {
    for (std::string* text : {&record.id, &record.clause, &record.reason, &record.decision}) {
      text->clear();
      for (size_t i = random() % 12; i > 0; --i) *text += pieces[random() % pieces.size()];
    }
  }
  {
    auto log = AuditLog::open(path, {.durable = false});
    ASSERT_TRUE(log);
    ASSERT_TRUE(log->append(records));
  }
  EXPECT_TRUE(verify_audit(path)->ok);
  auto kept = all_records(path);
  ASSERT_EQ(kept.size(), records.size());
  for (size_t i = 0; i < kept.size(); ++i) {
    ASSERT_EQ(kept[i].id, records[i].id);
    ASSERT_EQ(kept[i].clause, records[i].clause);
    ASSERT_EQ(kept[i].reason, records[i].reason);
    ASSERT_EQ(kept[i].decision, records[i].decision);
  }
}

TEST(Audit, GoesOnWhereItStopped) {
  Folder folder;
  std::string path = folder / "a.audit";
  AuditHead first = make_log(path, 10);
  EXPECT_EQ(first.seq, 10u);
  std::string identity;
  {
    auto log = AuditLog::open(path, {.durable = false, .verify_all = true});
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_EQ(log->head(), first);
    identity = log->identity();
    ASSERT_TRUE(log->append(sample_records(5, 11)));
    EXPECT_EQ(log->head().seq, 15u);
  }
  auto report = verify_audit(path, first);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->ok) << report->finding;
  EXPECT_TRUE(report->checked_head);
  EXPECT_EQ(report->records, 15u);
  EXPECT_EQ(report->identity, identity);
}

// The encoding is a promise to other programs: a log written today must verify in ten years.
TEST(Audit, HashesTheBytesOfTheSpecification) {
  Folder folder;
  std::string path = folder / "a.audit";
  make_log(path, 1);
  auto report = verify_audit(path);
  ASSERT_TRUE(report);
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  int64_t created = 0;
  sqlite3_exec(
      db, "SELECT created FROM log",
      [](void* out, int, char** columns, char**) {
        *static_cast<int64_t*>(out) = std::stoll(columns[0]);
        return 0;
      },
      &created, nullptr);
  sqlite3_close(db);

  auto number = [](int64_t value) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8)
      bytes += static_cast<char>(static_cast<uint64_t>(value) >> shift & 255);
    return bytes;
  };
  auto field = [&](const std::string& bytes) { return number(static_cast<int64_t>(bytes.size())) + bytes; };
  auto text = [](const Digest& digest) { return std::string(digest.begin(), digest.end()); };

  std::string genesis = "lictor-audit-genesis-1\n" + field(report->identity) + field(number(created));
  AuditRecord r = sample_record(1);
  std::string bytes = "lictor-audit-record-1\n" + text(sha256(genesis)) + field(number(1)) + field(number(r.time)) +
                      field(r.id) + field(r.bundle) + field(r.decision) + field(number(7)) +
                      field(text(sha256(*r.request))) + field(number(1)) + field(r.outcome) + field(r.clause) +
                      field(r.reason) + field(number(0)) + field("[]") + field(r.engine) + field(number(r.now));
  EXPECT_EQ(report->head.hash, hex(sha256(bytes)));
}

TEST(Audit, KeepsDigestsOnlyWhereAsked) {
  Folder folder;
  std::string path = folder / "a.audit";
  {
    auto log = AuditLog::open(path, {.keep_requests = false});
    ASSERT_TRUE(log);
    ASSERT_TRUE(log->append(sample_record(1)));
    AuditRecord digest_only = sample_record(2);
    digest_only.request.reset();
    digest_only.request_digest = hex(sha256("{}"));
    ASSERT_TRUE(log->append(digest_only));
    digest_only.request_digest = "abc";
    EXPECT_EQ(log->append(digest_only).error().kind, ErrorKind::kUsage);
    EXPECT_EQ(log->head().seq, 2u);
  }
  auto records = all_records(path);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_FALSE(records[0].request);
  EXPECT_EQ(records[0].request_digest, hex(sha256(*sample_record(1).request)));
  EXPECT_TRUE(verify_audit(path)->ok);
}

TEST(Audit, RefusesASecondWriterInOneProcessAndInAnother) {
  Folder folder;
  std::string path = folder / "a.audit";
  auto log = AuditLog::open(path);
  ASSERT_TRUE(log);
  EXPECT_EQ(AuditLog::open(path).error().kind, ErrorKind::kUnavailable);
  pid_t child = fork();
  if (child == 0) {
    bool refused = !AuditLog::open(path) && !log->append(sample_record(1));
    _exit(refused ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(log->append(sample_record(1)));  // the child's end did no harm
  EXPECT_TRUE(verify_audit(path)->ok);         // reading beside a writer is fine
}

TEST(Audit, SharesTransactionsAmongThreads) {
  Folder folder;
  std::string path = folder / "a.audit";
  {
    auto log = AuditLog::open(path, {.durable = false});
    ASSERT_TRUE(log);
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i) EXPECT_TRUE(log->append(sample_records(1 + i % 3, t * 1000 + i)));
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(log->head().seq, 8u * 199);
  }
  auto report = verify_audit(path);
  EXPECT_TRUE(report->ok) << report->finding;
  EXPECT_EQ(report->records, 8u * 199);
}

TEST(Audit, OneCallersBadRecordDoesNotHarmTheOthers) {
  Folder folder;
  auto log = AuditLog::open(folder / "a.audit", {.durable = false});
  ASSERT_TRUE(log);
  std::atomic<int> refused = 0, taken = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        AuditRecord record = sample_record(i);
        if (t == 0) record.request.reset();
        ++(log->append(record) ? taken : refused);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refused, 50);
  EXPECT_EQ(taken, 150);
  EXPECT_EQ(log->head().seq, 150u);
}

TEST(Audit, IsAppendOnlyForOrdinarySql) {
  Folder folder;
  std::string path = folder / "a.audit";
  make_log(path, 3);
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  for (const char* sql : {"DELETE FROM record", "UPDATE record SET outcome = 'allow'", "DELETE FROM log",
                          "UPDATE log SET identity = 'x'"}) {
    EXPECT_NE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sql;
  }
  sqlite3_close(db);
  EXPECT_TRUE(verify_audit(path)->ok);
}

struct Tampering {
  const char* name;
  const char* sql;
  uint64_t bad;
};
void PrintTo(const Tampering& tampering, std::ostream* out) { *out << tampering.name; }

class Tampered : public ::testing::TestWithParam<Tampering> {};

TEST_P(Tampered, IsFoundAtItsPlace) {
  Folder folder;
  std::string path = folder / "a.audit";
  make_log(path, 50);
  ASSERT_EQ(tamper(path, GetParam().sql), "");
  auto report = verify_audit(path);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_FALSE(report->ok);
  EXPECT_EQ(report->bad, GetParam().bad) << report->finding;
  EXPECT_EQ(report->records, GetParam().bad == 0 ? 0 : GetParam().bad - 1);
  EXPECT_FALSE(AuditLog::open(path, {.verify_all = true}));
}

#define LICTOR_COLUMNS                                                                                              \
  "time, id, bundle, decision, facts, request_digest, request, outcome, clause, reason, override, errors, engine, " \
  "now, hash"

INSTANTIATE_TEST_SUITE_P(
    Kinds, Tampered,
    ::testing::Values(
        Tampering{"outcome", "UPDATE record SET outcome = 'allow' WHERE seq = 21", 21},
        Tampering{"time", "UPDATE record SET time = time + 1 WHERE seq = 1", 1},
        Tampering{"id", "UPDATE record SET id = id || 'x' WHERE seq = 50", 50},
        Tampering{"bundle", "UPDATE record SET bundle = '' WHERE seq = 2", 2},
        Tampering{"decision", "UPDATE record SET decision = 'x' WHERE seq = 3", 3},
        Tampering{"facts", "UPDATE record SET facts = 8 WHERE seq = 4", 4},
        Tampering{"digest", "UPDATE record SET request_digest = zeroblob(32) WHERE seq = 5", 5},
        Tampering{"digest_short", "UPDATE record SET request_digest = x'00' WHERE seq = 5", 5},
        Tampering{"request", "UPDATE record SET request = '{}' WHERE seq = 6", 6},
        Tampering{"request_gone", "UPDATE record SET request = NULL WHERE seq = 6", 6},
        Tampering{"clause", "UPDATE record SET clause = 'x' WHERE seq = 7", 7},
        Tampering{"reason", "UPDATE record SET reason = '' WHERE seq = 8", 8},
        Tampering{"moved_between_fields", "UPDATE record SET clause = 'belo', reason = 'w' || reason WHERE seq = 9", 9},
        Tampering{"override", "UPDATE record SET override = 1 WHERE seq = 10", 10},
        Tampering{"override_odd", "UPDATE record SET override = 2 WHERE seq = 10", 10},
        Tampering{"errors", "UPDATE record SET errors = '[]' WHERE seq = 15", 15},
        Tampering{"engine", "UPDATE record SET engine = 'interp' WHERE seq = 11", 11},
        Tampering{"now", "UPDATE record SET now = 0 WHERE seq = 12", 12},
        Tampering{"hash", "UPDATE record SET hash = zeroblob(32) WHERE seq = 13", 13},
        Tampering{"deleted", "DELETE FROM record WHERE seq = 30", 30},
        Tampering{"deleted_first", "DELETE FROM record WHERE seq = 1", 1},
        Tampering{"deleted_and_closed_up",
                  "DELETE FROM record WHERE seq = 30; UPDATE record SET seq = seq - 1 WHERE seq > 30", 30},
        Tampering{"swapped",
                  "UPDATE record SET seq = 1000 WHERE seq = 20; UPDATE record SET seq = 20 WHERE seq = 40;"
                  "UPDATE record SET seq = 40 WHERE seq = 1000",
                  20},
        Tampering{"duplicated",
                  "UPDATE record SET seq = seq + 1000 WHERE seq > 25;"
                  "INSERT INTO record SELECT 26, " LICTOR_COLUMNS " FROM record WHERE seq = 25;"
                  "UPDATE record SET seq = seq - 999 WHERE seq > 1000",
                  26},
        Tampering{
            "inserted",
            "UPDATE record SET seq = seq + 1000 WHERE seq > 9;"
            "INSERT INTO record SELECT 10, time, 'forged', bundle, decision, facts, request_digest, request, 'allow',"
            " clause, reason, override, errors, engine, now, hash FROM record WHERE seq = 9;"
            "UPDATE record SET seq = seq - 999 WHERE seq > 1000",
            10},
        Tampering{"inserted_at_the_end", "INSERT INTO record SELECT 51, " LICTOR_COLUMNS " FROM record WHERE seq = 50",
                  51},
        Tampering{"inserted_before_the_start",
                  "INSERT INTO record SELECT 0, " LICTOR_COLUMNS " FROM record WHERE seq = 1", 0}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Audit, ACutTailIsFoundOnlyWithAHeadKeptElsewhere) {
  Folder folder;
  std::string path = folder / "a.audit";
  AuditHead head = make_log(path, 50);
  ASSERT_EQ(tamper(path, "DELETE FROM record WHERE seq > 45"), "");
  auto alone = verify_audit(path);
  EXPECT_TRUE(alone->ok);
  EXPECT_FALSE(alone->checked_head);
  EXPECT_THAT(alone->guarantee, HasSubstr("not checked, for want of a head kept elsewhere"));
  auto with_head = verify_audit(path, head);
  EXPECT_FALSE(with_head->ok);
  EXPECT_EQ(with_head->bad, 46u);
}

TEST(Audit, ARewrittenChainIsFoundOnlyWithAHeadKeptElsewhere) {
  Folder folder;
  AuditHead head = make_log(folder / "real.audit", 20);
  make_log(folder / "forged.audit", 20);  // the same records, a chain of its own
  EXPECT_TRUE(verify_audit(folder / "forged.audit")->ok);
  auto report = verify_audit(folder / "forged.audit", head);
  EXPECT_FALSE(report->ok);
  EXPECT_EQ(report->bad, 20u);
}

TEST(Audit, AChangedSchemaOrGenesisIsRefused) {
  for (const char* sql :
       {"CREATE TABLE more (x)", "UPDATE log SET identity = 'ffff'", "UPDATE log SET created = 1", "DELETE FROM log",
        "CREATE INDEX i ON record (id)", "PRAGMA user_version = 2", "PRAGMA application_id = 1"}) {
    Folder folder;
    std::string path = folder / "a.audit";
    make_log(path, 3);
    ASSERT_EQ(tamper(path, sql), "");
    EXPECT_EQ(AuditLog::open(path).error().kind, ErrorKind::kInvalid) << sql;
    EXPECT_EQ(verify_audit(path).error().kind, ErrorKind::kInvalid) << sql;
  }
}

TEST(Audit, OtherFilesAreRefusedAndLeftAlone) {
  Folder folder;
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "other.db").c_str(), &db), SQLITE_OK);
  sqlite3_exec(db, "CREATE TABLE t (x)", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  testing::write_file(folder / "text.db", std::string(5000, 'x'));
  testing::write_file(folder / "empty.db", "");
  std::filesystem::create_directory(folder / "folder.db");
  for (const char* name : {"other.db", "text.db", "empty.db"}) {
    std::string path = folder / name, before = testing::read_file(path);
    EXPECT_EQ(AuditLog::open(path).error().kind, ErrorKind::kInvalid) << name;
    EXPECT_EQ(testing::read_file(path), before) << name;
    EXPECT_FALSE(verify_audit(path)) << name;
  }
  EXPECT_FALSE(AuditLog::open(folder / "folder.db"));
  EXPECT_FALSE(AuditLog::open(folder / "no/such/folder.db"));
  EXPECT_FALSE(AuditLog::open(""));
  EXPECT_EQ(verify_audit(folder / "missing.audit").error().kind, ErrorKind::kUnreadable);
}

TEST(Audit, ALostMainFileIsNotMadeAnew) {
  Folder folder;
  std::string path = folder / "a.audit";
  testing::write_file(path + "-wal", "left over");
  EXPECT_EQ(AuditLog::open(path).error().kind, ErrorKind::kInvalid);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Audit, FilesAreForTheirOwnerOnlyAndNamesAreOnlyNames) {
  Folder folder;
  std::string path = folder / "a?mode=memory#b %41 'q'.audit";
  make_log(path, 2);
  struct stat info{};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(verify_audit(path)->records, 2u);
}

TEST(Audit, VerifiesInAReadOnlyFolder) {
  Folder folder;
  std::string path = folder / "a.audit";
  AuditHead head = make_log(path, 5);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  auto report = verify_audit(path, head);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->ok);
  EXPECT_EQ(all_records(path).size(), 5u);
}

TEST(Audit, HeadsHaveATextForm) {
  AuditHead head{.seq = 12, .hash = hex(sha256("x"))};
  auto parsed = parse_head(head_text(head) + "\n");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, head);
  std::string hash = head.hash;
  for (const std::string& bad :
       std::vector<std::string>{"", "lictor-audit-head-1 12", "lictor-audit-head-1 x " + hash,
                                "lictor-audit-head-1 12 " + hash + "0", "lictor-audit-head-2 12 " + hash,
                                "lictor-audit-head-1 99999999999999999999 " + hash, "lictor-audit-head-1 -1 " + hash}) {
    EXPECT_FALSE(parse_head(bad)) << bad;
  }
}

TEST(Audit, ReadingStartsAndStopsWhereAsked) {
  Folder folder;
  std::string path = folder / "a.audit";
  make_log(path, 10);
  std::vector<uint64_t> seen;
  ASSERT_TRUE(read_audit(path, 4, [&](const AuditRecord& record) {
    seen.push_back(record.seq);
    return record.seq < 6;
  }));
  EXPECT_EQ(seen, (std::vector<uint64_t>{4, 5, 6}));
}

}  // namespace
}  // namespace lictor

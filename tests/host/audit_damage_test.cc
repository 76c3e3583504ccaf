// docs/faults.md, S7: a write-ahead log that is damaged, foreign or lost, and a file that is another database. What opens is
// a state that the log once had, whole; everything else is refused and left as it is.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/faults.h"
#include "tests/host/audit_files.h"

namespace lictor {
namespace {

using testing::fault_rounds;
using testing::fault_seed;
using testing::Folder;
using testing::read_file;
using testing::sample_records;
using testing::write_file;

/// A log as it lies on the disk while it is open: the file, its write-ahead log, and the heads it has had.
struct Lying {
  std::string main, wal, identity;
  std::set<std::pair<uint64_t, std::string>> heads;
};

Lying lying_log(const std::string& path, int transactions) {
  Lying out;
  auto log = AuditLog::open(path);
  EXPECT_TRUE(log);
  out.heads.emplace(log->head().seq, log->head().hash);
  for (int i = 0; i < transactions; ++i) {
    auto head = log->append(sample_records(5));
    EXPECT_TRUE(head);
    out.heads.emplace(head->seq, head->hash);
  }
  out.identity = log->identity();
  out.main = read_file(path);
  out.wal = read_file(path + "-wal");
  return out;
}

class DamagedLog : public ::testing::Test {
 protected:
  void lay(const std::string& main, const std::string& wal) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
    write_file(path_, main);
    if (!wal.empty()) write_file(path_ + "-wal", wal);
  }
  /// Opens what was laid out; a state of `known` or nothing. How many records, or -1 where it is refused.
  int64_t open(const Lying& known) {
    auto log = AuditLog::open(path_, {.verify_all = true});
    if (!log) return -1;
    EXPECT_TRUE(known.heads.contains({log->head().seq, log->head().hash})) << "a mixture, at " << log->head().seq;
    EXPECT_EQ(log->identity(), known.identity);
    return static_cast<int64_t>(log->head().seq);
  }
  Folder folder_{Folder::Where::kMemory};
  std::string path_ = folder_ / "a.audit";
};

TEST_F(DamagedLog, S07_AFlippedBitOfTheWriteAheadLogEndsItThere) {
  std::mt19937_64 random(fault_seed("S7", 7));
  const Lying sound = lying_log(folder_ / "b.audit", 20);
  uint64_t shorter = 0;
  const uint64_t flips = fault_rounds(300, 10'000);
  for (uint64_t i = 0; i < flips; ++i) {
    std::string wal = sound.wal;
    size_t at = random() % wal.size();
    wal[at] = static_cast<char>(wal[at] ^ (1 << random() % 8));
    lay(sound.main, wal);
    SCOPED_TRACE("byte " + std::to_string(at));
    int64_t seq = open(sound);
    ASSERT_GE(seq, 0) << "a damaged tail is no reason to refuse what is before it";
    shorter += seq < 100 ? 1 : 0;
  }
  EXPECT_GT(shorter, flips / 2);
}

TEST_F(DamagedLog, S07_EachLengthOfTheWriteAheadLogGivesAPrefix) {
  const Lying sound = lying_log(folder_ / "b.audit", 20);
  const size_t step = std::max<size_t>(1, 997 / fault_rounds(1, 997));
  int64_t longest = 0;
  for (size_t length = 0; length <= sound.wal.size(); length += step) {
    lay(sound.main, sound.wal.substr(0, length));
    int64_t seq = open(sound);
    ASSERT_GE(seq, longest) << "of " << length << " bytes";
    longest = seq;
  }
  lay(sound.main, sound.wal);
  EXPECT_EQ(open(sound), 100);
}

TEST_F(DamagedLog, S07_GarbageBehindTheWriteAheadLogIsIgnored) {
  std::mt19937_64 random(fault_seed("S7 garbage", 77));
  const Lying sound = lying_log(folder_ / "b.audit", 10);
  for (size_t length : {1u, 24u, 511u, 4'120u, 20'000u}) {
    std::string garbage(length, '\0');
    for (char& c : garbage) c = static_cast<char>(random());
    lay(sound.main, sound.wal + garbage);
    EXPECT_EQ(open(sound), 50) << length;
    lay(sound.main, sound.wal + sound.wal.substr(0, length));  // or its own beginning
    EXPECT_EQ(open(sound), 50) << length;
    lay(sound.main, garbage);
    EXPECT_EQ(open(sound), 0) << length;
  }
}

// Each length of the file itself, with and without its write-ahead log: a state that it had, or refused.
TEST_F(DamagedLog, S07_EachLengthOfTheFileIsRefusedOrWhole) {
  const int records = static_cast<int>(fault_rounds(60, 2'500));
  Lying sound = lying_log(folder_ / "b.audit", 0);
  testing::make_log(folder_ / "c.audit", records);
  sound.main = read_file(folder_ / "c.audit");
  const size_t step = std::max<size_t>(1, 211 / fault_rounds(1, 211));
  uint64_t refused = 0;
  for (size_t length = 0; length < sound.main.size(); length += step) {
    lay(sound.main.substr(0, length), "");
    auto log = AuditLog::open(path_, {.verify_all = true});
    EXPECT_FALSE(log) << length << " of " << sound.main.size();
    refused += log ? 0 : 1;
    ASSERT_EQ(read_file(path_).size(), length) << "what is refused is left as it is";
  }
  EXPECT_GT(refused, 100u);
}

TEST_F(DamagedLog, S07_AForeignWriteAheadLogMakesNoMixture) {
  const Lying one = lying_log(folder_ / "b.audit", 6), other = lying_log(folder_ / "c.audit", 9);
  testing::make_log(folder_ / "d.audit", 200);
  for (const std::string& main : {one.main, read_file(folder_ / "d.audit")}) {
    lay(main, other.wal);
    auto log = AuditLog::open(path_, {.verify_all = true});
    if (!log) continue;
    std::pair<uint64_t, std::string> head = {log->head().seq, log->head().hash};
    bool is_one = log->identity() == one.identity && one.heads.contains(head);
    bool is_other = log->identity() == other.identity && other.heads.contains(head);
    EXPECT_TRUE(is_one || is_other) << "a mixture at " << head.first;
  }
}

TEST_F(DamagedLog, S07_AnotherDatabaseIsRefusedAndLeftAsItIs) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "CREATE TABLE t (x); INSERT INTO t VALUES (1)", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(db);
  const std::string database = read_file(path_);
  for (const std::string& content : {database, std::string("not a database at all\n"), std::string(4'096, '\0'),
                                     database.substr(0, 100), std::string()}) {
    lay(content, "");
    auto log = AuditLog::open(path_);
    ASSERT_FALSE(log) << content.size();
    EXPECT_EQ(log.error().kind, ErrorKind::kInvalid) << log.error().message;
    EXPECT_EQ(read_file(path_), content);
  }
  const Lying sound = lying_log(folder_ / "b.audit", 3);
  std::filesystem::remove(path_);
  write_file(path_ + "-wal", sound.wal);
  EXPECT_FALSE(AuditLog::open(path_)) << "the file is lost, its write-ahead log is not: nothing is made in its place";
  EXPECT_FALSE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace lictor

// docs/faults.md, S5: reads that fail or come short, and system calls that are interrupted or do half of their work.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "tests/host/audit_files.h"
#include "tests/host/fault_vfs.h"

namespace lictor {
namespace {

using testing::FaultVfs;
using testing::Folder;
using testing::sample_records;

class ReadFaults : public ::testing::TestWithParam<bool> {};

// For every n: nothing acknowledged is lost, nothing is written that does not verify, and nobody is told that the log has
// been tampered with when the disk is to blame.
TEST_P(ReadFaults, S05_AtEachReadLeaveAGoodLog) {
  const bool lasting = GetParam();
  Folder folder(Folder::Where::kMemory);
  testing::make_log(folder / "base.audit", 300);
  const std::string bytes = testing::read_file(folder / "base.audit");
  FaultVfs vfs;
  int64_t reads = 0;
  for (bool struck = true; struck; ++reads) {
    SCOPED_TRACE("read " + std::to_string(reads));
    std::string path = folder / "a.audit";
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
    testing::write_file(path, bytes);
    uint64_t acknowledged = 300;
    vfs.fail_read_after(reads, FaultVfs::ReadKind::kIoError, lasting);
    {
      auto log = AuditLog::open(path);
      for (int i = 0; log && i < 3; ++i) {
        if (auto head = log->append(sample_records(40))) acknowledged = head->seq;
      }
      auto report = verify_audit(path);
      EXPECT_TRUE(!report || report->ok) << report->finding;
      EXPECT_TRUE(log || log.error().kind == ErrorKind::kUnavailable) << log.error().message;
      struck = vfs.struck();
    }
    vfs.heal();
    auto log = AuditLog::open(path, {.verify_all = true});
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_GE(log->head().seq, acknowledged);
    EXPECT_EQ((log->head().seq - 300) % 40, 0u);
    EXPECT_TRUE(log->append(sample_records(1)));
  }
  EXPECT_GT(reads, 10);
}

INSTANTIATE_TEST_SUITE_P(Faults, ReadFaults, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Lasting" : "Once"; });

// A read that comes short, as of a file that is shorter than it should be, never makes a log verify that it does not hold.
TEST(AuditFaults, S05_AShortReadNeverVerifiesLessThanThereIs) {
  Folder folder(Folder::Where::kMemory);
  const std::string path = folder / "a.audit";
  AuditHead head = testing::make_log(path, 300);
  FaultVfs vfs;
  int64_t reads = 0, refused = 0;
  for (bool struck = true; struck; ++reads) {
    vfs.fail_read_after(reads, FaultVfs::ReadKind::kShort, false);
    auto report = verify_audit(path);
    struck = vfs.struck();
    vfs.heal();
    bool ok = report && report->ok;
    refused += ok ? 0 : 1;
    if (ok) {
      EXPECT_EQ(report->head, head) << "read " << reads;
    }
    EXPECT_TRUE(verify_audit(path)->ok);
  }
  EXPECT_GT(refused, 5);
}

// ---- System calls ---------------------------------------------------------------------------------------------------

int g_calls = 0, g_interrupted = 0, g_cut = 0;

/// Of every five calls one is interrupted and one does half.
template <class Do>
ssize_t disturbed(size_t count, const Do& call) {
  int number = ++g_calls % 5;
  if (number == 1) {
    ++g_interrupted;
    errno = EINTR;
    return -1;
  }
  if (number == 3 && count > 1) {
    ++g_cut;
    return call(count / 2);
  }
  return call(count);
}
ssize_t some_pread(int f, void* b, size_t n, off_t at) {
  return disturbed(n, [&](size_t some) { return ::pread(f, b, some, at); });
}
ssize_t some_pwrite(int f, const void* b, size_t n, off_t at) {
  return disturbed(n, [&](size_t some) { return ::pwrite(f, b, some, at); });
}
ssize_t some_read(int f, void* b, size_t n) {
  return disturbed(n, [&](size_t some) { return ::read(f, b, some); });
}
ssize_t some_write(int f, const void* b, size_t n) {
  return disturbed(n, [&](size_t some) { return ::write(f, b, some); });
}

/// Puts the calls above in the place of the system's, in SQLite's unix layer.
class DisturbedCalls {
 public:
  DisturbedCalls() {
    set("pread", reinterpret_cast<sqlite3_syscall_ptr>(some_pread));
    set("pread64", reinterpret_cast<sqlite3_syscall_ptr>(some_pread));
    set("pwrite", reinterpret_cast<sqlite3_syscall_ptr>(some_pwrite));
    set("pwrite64", reinterpret_cast<sqlite3_syscall_ptr>(some_pwrite));
    set("read", reinterpret_cast<sqlite3_syscall_ptr>(some_read));
    set("write", reinterpret_cast<sqlite3_syscall_ptr>(some_write));
  }
  ~DisturbedCalls() { vfs_->xSetSystemCall(vfs_, nullptr, nullptr); }

 private:
  void set(const char* name, sqlite3_syscall_ptr call) { vfs_->xSetSystemCall(vfs_, name, call); }
  sqlite3_vfs* vfs_ = sqlite3_vfs_find(nullptr);
};

TEST(AuditFaults, S05_InterruptedAndPartialCallsAreFinished) {
  Folder folder(Folder::Where::kMemory);
  std::string path = folder / "a.audit";
  {
    DisturbedCalls disturbed;
    for (int round = 0; round < 3; ++round) {
      auto log = AuditLog::open(path);
      ASSERT_TRUE(log) << log.error().message;
      for (int i = 0; i < 10; ++i) ASSERT_TRUE(log->append(sample_records(20)));
    }
    auto report = verify_audit(path);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->ok) << report->finding;
    EXPECT_EQ(report->records, 600u);
  }
  EXPECT_GT(g_interrupted, 50);
  EXPECT_GT(g_cut, 50);
  EXPECT_EQ(verify_audit(path)->records, 600u);
}

}  // namespace
}  // namespace lictor

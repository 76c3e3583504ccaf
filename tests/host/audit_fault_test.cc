// The audit log when its surroundings fail: killed at any moment, disk errors at each write and sync, full disk, files
// cut at each length. What was acknowledged stays; what was not is there whole or not at all; the chain verifies.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <random>
#include <thread>

#include "tests/host/audit_files.h"
#include "tests/host/fault_vfs.h"

namespace lictor {
namespace {

using testing::FaultVfs;
using testing::Folder;
using testing::make_log;
using testing::sample_records;

/// Appends for ever, three records at a time, and writes the newest acknowledged seq to the pipe.
[[noreturn]] void append_until_killed(const std::string& path, int pipe) {
  auto log = AuditLog::open(path);
  while (log) {
    auto head = log->append(sample_records(3));
    if (!head || write(pipe, &head->seq, sizeof head->seq) != sizeof head->seq) break;
  }
  _exit(1);
}

uint64_t last_acknowledged(int pipe) {
  uint64_t seq = 0, next = 0;
  while (read(pipe, &next, sizeof next) == sizeof next) seq = next;
  return seq;
}

TEST(AuditFaults, KilledAtAnyMomentLosesNothingAcknowledged) {
  Folder folder;
  std::string path = folder / "a.audit";
  std::mt19937 random(7);
  uint64_t records = 0;
  for (int round = 0; round < 25; ++round) {
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) append_until_killed(path, pipes[1]);
    close(pipes[1]);
    uint64_t acknowledged = 0;
    if (round % 2 == 1) {  // in the others it may die while it opens or makes the log
      ASSERT_EQ(read(pipes[0], &acknowledged, sizeof acknowledged), static_cast<ssize_t>(sizeof acknowledged));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 30'000));
    kill(child, SIGKILL);
    acknowledged = std::max(acknowledged, last_acknowledged(pipes[0]));
    close(pipes[0]);
    waitpid(child, nullptr, 0);

    auto log = AuditLog::open(path, {.verify_all = true});
    ASSERT_TRUE(log) << log.error().message;
    uint64_t seq = log->head().seq;
    EXPECT_GE(seq, std::max(acknowledged, records));
    EXPECT_EQ(seq % 3, 0u) << "a part of a transaction is there";
    records = seq;
  }
  EXPECT_GT(records, 0u);
}

class DiskFaults : public ::testing::TestWithParam<std::pair<FaultVfs::Kind, bool>> {};

TEST_P(DiskFaults, AtEachWriteAndSyncLeaveAGoodLog) {
  auto [kind, lasting] = GetParam();
  FaultVfs vfs;
  int64_t tried = 0;
  for (bool struck = true; struck; ++tried) {
    Folder folder;
    std::string path = folder / "a.audit";
    uint64_t acknowledged = 0;
    vfs.fail_after(tried, kind, lasting);
    {
      auto log = AuditLog::open(path);
      for (int i = 0; log && i < 3; ++i) {
        if (auto head = log->append(sample_records(40))) acknowledged = head->seq;
      }
    }
    struck = vfs.struck();
    vfs.heal();
    auto log = AuditLog::open(path, {.verify_all = true});
    ASSERT_TRUE(log) << "fault " << tried << ": " << log.error().message;
    EXPECT_GE(log->head().seq, acknowledged) << "fault " << tried;
    EXPECT_EQ(log->head().seq % 40, 0u) << "fault " << tried;
  }
  EXPECT_GT(tried, 10);
}

INSTANTIATE_TEST_SUITE_P(All, DiskFaults,
                         ::testing::Values(std::pair{FaultVfs::Kind::kIoError, false},
                                           std::pair{FaultVfs::Kind::kIoError, true},
                                           std::pair{FaultVfs::Kind::kDiskFull, false},
                                           std::pair{FaultVfs::Kind::kDiskFull, true}));

TEST(AuditFaults, AFailedSyncIsNotCalledGoodLater) {
  FaultVfs vfs;
  Folder folder;
  std::string path = folder / "a.audit";
  auto log = AuditLog::open(path);
  ASSERT_TRUE(log);
  ASSERT_TRUE(log->append(sample_records(3)));
  vfs.fail_after(0, FaultVfs::Kind::kIoError, false);
  EXPECT_EQ(log->append(sample_records(3)).error().kind, ErrorKind::kUnavailable);
  auto again = log->append(sample_records(3));
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("open the log again"), std::string::npos);
  EXPECT_EQ(log->head().seq, 3u);
}

TEST(AuditFaults, GoesOnWhenThereIsSpaceAgain) {
  FaultVfs vfs;
  Folder folder;
  auto log = AuditLog::open(folder / "a.audit");
  ASSERT_TRUE(log);
  vfs.fail_after(0, FaultVfs::Kind::kDiskFull, true);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(log->append(sample_records(3)).error().kind, ErrorKind::kUnavailable);
  vfs.heal();
  auto head = log->append(sample_records(3));
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(head->seq, 3u);
  EXPECT_TRUE(verify_audit(folder / "a.audit")->ok);
}

// A file that was cut is a shorter good log, or is refused; it is never a log that verifies with something wrong in it.
TEST(AuditFaults, ACutFileIsRefusedOrShorter) {
  Folder folder;
  std::string path = folder / "a.audit", cut = folder / "cut.audit";
  AuditHead head = make_log(path, 60);
  std::string bytes = testing::read_file(path);
  int refused = 0;
  for (size_t length = 0; length < bytes.size(); length += 97) {
    testing::write_file(cut, std::string_view(bytes).substr(0, length));
    auto report = verify_audit(cut, head);
    if (!report || !report->ok)
      ++refused;
    else
      ADD_FAILURE() << "cut at " << length << " verifies with the head of the whole log";
    EXPECT_FALSE(AuditLog::open(cut, {.verify_all = true})) << length;
  }
  EXPECT_GT(refused, 100);
}

TEST(AuditFaults, ACutWriteAheadLogKeepsAPrefix) {
  Folder folder;
  std::string path = folder / "a.audit";
  std::string main, wal;
  {
    auto log = AuditLog::open(path);
    ASSERT_TRUE(log);
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(log->append(sample_records(5)));
    main = testing::read_file(path);
    wal = testing::read_file(path + "-wal");
  }
  ASSERT_GT(wal.size(), 10'000u);
  uint64_t longest = 0;
  for (size_t length = 0; length <= wal.size(); length += 401) {
    std::string copy = folder / ("copy" + std::to_string(length));
    testing::write_file(copy, main);
    testing::write_file(copy + "-wal", std::string_view(wal).substr(0, length));
    auto log = AuditLog::open(copy, {.verify_all = true});
    ASSERT_TRUE(log) << length << ": " << log.error().message;
    EXPECT_EQ(log->head().seq % 5, 0u);
    EXPECT_GE(log->head().seq, longest);
    longest = log->head().seq;
  }
  EXPECT_GE(longest, 90u);
}

// Each single bit of a record that flips on the disk is found, by the chain or by SQLite's own checks.
TEST(AuditFaults, AFlippedBitInARecordIsFound) {
  Folder folder;
  std::string path = folder / "a.audit", flipped = folder / "flipped.audit";
  make_log(path, 40);
  const std::string bytes = testing::read_file(path);
  std::mt19937 random(11);
  for (int i = 0; i < 300; ++i) {
    int victim = 1 + static_cast<int>(random() % 40);
    size_t start = bytes.find("id-" + std::to_string(victim) + "sha256:abc");  // texts of a row lie side by side
    ASSERT_NE(start, std::string::npos);
    std::string copy = bytes;
    copy[start + random() % 120] ^= static_cast<char>(1 << random() % 8);
    testing::write_file(flipped, copy);
    auto report = verify_audit(flipped);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_FALSE(report->ok);
    EXPECT_EQ(report->bad, static_cast<uint64_t>(victim)) << report->finding;
  }
}

}  // namespace
}  // namespace lictor

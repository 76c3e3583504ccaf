// docs/faults.md, S2 and S3: the power fails at every operation on the disk, and syncs fail and lose what they should have
// written. What was acknowledged in the durable setting is there; in every setting the log is whole.
#include <gtest/gtest.h>

#include <set>

#include "tests/faults.h"
#include "tests/host/audit_files.h"
#include "tests/host/power_vfs.h"

namespace lictor {
namespace {

using testing::fault_seed;
using testing::Folder;
using testing::PowerVfs;
using testing::read_file;
using testing::sample_records;
using testing::write_file;
using Kept = PowerVfs::Kept;

constexpr Kept kAllWays[] = {Kept::kSynced, Kept::kAll, Kept::kSome, Kept::kTornSectors};

struct Appended {
  uint64_t acknowledged = 0;
  std::set<uint64_t> ends;  // of transactions that were begun: the log may end at any of them
};

/// Opens, appends and closes twice: transactions of one page and of many, and a checkpoint at each closing.
Appended append_and_close(const std::string& path, uint64_t first, bool durable) {
  Appended run{first, {first}};
  uint64_t seq = first;
  for (int round = 0; round < 2; ++round) {
    auto log = AuditLog::open(path, {.durable = durable});
    for (int records : {3, 40, 1}) {
      if (!log) break;
      run.ends.insert(log->head().seq + static_cast<uint64_t>(records));
      auto head = log->append(sample_records(records, static_cast<int>(seq) + 1));
      if (head) seq = run.acknowledged = head->seq;
    }
  }
  return run;
}

class PowerLossFiles : public ::testing::Test {
 protected:
  PowerLossFiles() {
    testing::make_log(base_, 5);
    bytes_ = read_file(base_);
  }
  std::string fresh(const std::string& path) {
    for (const char* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + suffix);
    write_file(path, bytes_);
    return path;
  }
  Folder folder_{Folder::Where::kMemory};  // what a disk would have is in the images
  std::string base_ = folder_ / "base.audit", bytes_;
};
class PowerLoss : public PowerLossFiles, public ::testing::WithParamInterface<bool> {};

TEST_P(PowerLoss, S02_AtEachOperationLeavesAWholeLog) {
  const bool durable = GetParam();
  std::mt19937_64 random(fault_seed("S2", 2));
  const uint64_t images_of_each = testing::fault_rounds(2, 100);
  const std::string path = folder_ / "a.audit";
  int64_t points = 0;
  uint64_t lost = 0, checked = 0;
  for (bool failed = true; failed; ++points) {
    std::vector<std::string> images;
    fresh(path);
    Appended run;
    {
      PowerVfs power;
      power.start(points);
      run = append_and_close(path, 5, durable);
      failed = power.failed();
      for (Kept kept : kAllWays) {
        bool random_way = kept == Kept::kSome || kept == Kept::kTornSectors;
        for (uint64_t i = 0; i < (random_way ? images_of_each : 1); ++i) {
          images.push_back(folder_ / ("image" + std::to_string(images.size())));
          power.write_image(path, images.back(), kept, random);
        }
      }
    }
    for (const std::string& image : images) {
      SCOPED_TRACE("power lost at operation " + std::to_string(points) + ", " + image);
      auto log = AuditLog::open(image, {.verify_all = true});
      ASSERT_TRUE(log) << log.error().message;
      uint64_t seq = log->head().seq;
      ASSERT_TRUE(run.ends.contains(seq)) << "a part of a transaction: " << seq;
      if (durable) {
        ASSERT_GE(seq, run.acknowledged);
      }
      lost += seq < run.acknowledged ? 1 : 0;
      ASSERT_TRUE(log->append(sample_records(1))) << "it goes on";
      ++checked;
    }
  }
  std::printf("S2 %s: %lld points, %llu images, %llu had lost what was acknowledged\n", durable ? "durable" : "normal",
              static_cast<long long>(points), static_cast<unsigned long long>(checked),
              static_cast<unsigned long long>(lost));
  EXPECT_GT(points, 40);
  EXPECT_EQ(lost > 0, !durable) << "`normal` may lose the newest commits, and these tests must be able to see it";
}

INSTANTIATE_TEST_SUITE_P(Faults, PowerLoss, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Durable" : "Normal"; });

// The n-th sync fails once, for each n, and its pages are gone; then the power fails too. Nothing that was acknowledged
// before or after rests on what was lost.
TEST_F(PowerLossFiles, S03_ASyncThatFailedOnceIsNeverTakenForGood) {
  std::mt19937_64 random(fault_seed("S3", 3));
  const std::string path = folder_ / "a.audit", image = folder_ / "image";
  int64_t syncs = 0;
  for (bool struck = true; struck; ++syncs) {
    SCOPED_TRACE("sync " + std::to_string(syncs));
    fresh(path);
    Appended run;
    {
      PowerVfs power;
      power.start(-1);
      power.lose_sync(syncs);
      run = append_and_close(path, 5, true);
      struck = power.sync_was_lost();
      for (int more = 0; more < 2; ++more) {
        Appended next = append_and_close(path, run.acknowledged, true);
        run.acknowledged = std::max(run.acknowledged, next.acknowledged);
        run.ends.merge(next.ends);
      }
      power.write_image(path, image, Kept::kSynced, random);
    }
    auto log = AuditLog::open(image, {.verify_all = true});
    ASSERT_TRUE(log) << log.error().message;
    ASSERT_GE(log->head().seq, run.acknowledged);
    ASSERT_GT(run.acknowledged, 5u + 44u) << "it goes on after it was opened again";
  }
  EXPECT_GT(syncs, 10);
}

}  // namespace
}  // namespace lictor

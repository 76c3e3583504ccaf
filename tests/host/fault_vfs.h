// SQLite's file layer with faults: the n-th write or sync, or the n-th read, fails, once or from then on. While one lives it
// is the default file layer of the process.
#pragma once

#include <cstdint>

namespace lictor::testing {

class FaultVfs {
 public:
  enum class Kind : uint8_t { kIoError, kDiskFull };
  enum class ReadKind : uint8_t { kIoError, kShort };
  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  /// The operation after `operations` more writes and syncs fails; all later ones too where `lasting`.
  void fail_after(int64_t operations, Kind kind, bool lasting);
  /// The same of reads, which are counted by themselves; a short one gives half of the bytes and zeros.
  void fail_read_after(int64_t reads, ReadKind kind, bool lasting);
  void heal();
  /// Has the fault happened since it was set?
  bool struck() const;
  /// Writes and syncs since the start.
  int64_t operations() const;
};

}  // namespace lictor::testing

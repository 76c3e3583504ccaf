// Memory that runs out: the n-th allocation fails, once or from then on, of SQLite's allocator or of this thread's `new`.
#pragma once

#include <cstdint>

namespace lictor::testing {

class FailingMemory {
 public:
  enum class Of : uint8_t { kSqlite, kNew };
  /// REQUIRES: no connection of SQLite's is open, now and when it ends. kSqlite: takes the place of SQLite's allocator.
  explicit FailingMemory(Of of);
  ~FailingMemory();
  FailingMemory(const FailingMemory&) = delete;
  FailingMemory& operator=(const FailingMemory&) = delete;

  /// The allocation after `allocations` more fails; all later ones too where `lasting`.
  void fail_after(int64_t allocations, bool lasting);
  void heal();
  bool struck() const;
  /// Allocations of SQLite's that were not given back.
  int64_t held() const;

 private:
  Of of_;
};

}  // namespace lictor::testing

// Is there memory for what LLVM is about to do? LLVM does not survive an allocation that fails, so one asks before.
#pragma once

#include <sys/mman.h>

#include <cstddef>

namespace lictor::native {

/// Could the process map this many bytes more, now? Limits on the address space are seen, what others take is not.
inline bool has_room(size_t bytes) {
  void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) return false;
  ::munmap(at, bytes);
  return true;
}

inline constexpr size_t kRoomForPlan = 32 << 20;        // to emit and optimise small plans
inline constexpr size_t kRoomPerInstruction = 4 << 10;  // ... and large ones
inline constexpr size_t kRoomForLink = 8 << 20;

}  // namespace lictor::native

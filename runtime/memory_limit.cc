#include "runtime/memory_limit.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace lictor {
namespace {

constexpr uint64_t kMost = uint64_t{64} << 30;

uint64_t physical_memory() {
  long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGE_SIZE);
  if (pages <= 0 || size <= 0) return 2 * kMost;
  return static_cast<uint64_t>(pages) * static_cast<uint64_t>(size);
}

/// What the control group at the root of the process's view allows, as a container sees it; `otherwise` where none does.
uint64_t group_memory(uint64_t otherwise) {
  for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    uint64_t bytes = 0;
    if (std::ifstream in(file); in >> bytes && bytes > 0) return std::min(bytes, otherwise);
  }
  return otherwise;  // no such group, or "max"
}

}  // namespace

uint64_t default_load_memory() {
  static const uint64_t kBytes = std::min(group_memory(physical_memory()) / 2, kMost);
  return kBytes;
}

}  // namespace lictor

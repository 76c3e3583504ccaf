#include "cli/heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace lictor::cli {
namespace {

constexpr int kGrowth = 16 << 20;
constexpr uintptr_t kLargePage = 2 << 20;

}  // namespace

void reserve_heap() {
  mallopt(M_TOP_PAD, kGrowth);
  mallopt(M_MMAP_THRESHOLD, kGrowth);  // so that the block below comes from the heap
  auto begin = reinterpret_cast<uintptr_t>(sbrk(0));
  void* volatile grown = std::malloc(kLargePage);  // volatile: else the compiler leaves out a block that is never used
  auto end = reinterpret_cast<uintptr_t>(sbrk(0));
  uintptr_t first = (begin + kLargePage - 1) / kLargePage * kLargePage;
  if (first < end) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
  std::free(grown);
}

}  // namespace lictor::cli

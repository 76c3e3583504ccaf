// The pool is cut into chunks, each for blocks of one size, so that a block's address tells its size. operator new and
// delete stand here too, so that all of the way to a block is one function.
#include "cli/heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LICTOR_OWN_NEW 0
#else
#define LICTOR_OWN_NEW 1
#endif

namespace lictor::cli {
namespace {

constexpr int kGrowth = 16 << 20;
constexpr size_t kLargePage = 2 << 20;
constexpr size_t kLeastGap = 256 << 10;  // more than the heap has left before it grows
constexpr size_t kPool = 64 << 20;       // of addresses: only what is used becomes memory
constexpr size_t kChunk = 32 << 10;
constexpr size_t kStep = 16;  // sizes are multiples of it
constexpr size_t kLargestBlock = 1024;

struct FreeBlock {
  FreeBlock* next;
};

/// Blocks of one size: those given back, and the rest of the chunk that is being cut.
struct Blocks {
  FreeBlock* free = nullptr;
  char* fresh = nullptr;
  char* end = nullptr;
};

alignas(kLargePage) char pool[kPool];
uint8_t steps_of[kPool / kChunk];  // by chunk: the size of its blocks
size_t chunks = 0;                 // in use
Blocks blocks[kLargestBlock / kStep + 1];
thread_local bool has_pool = false;
thread_local uint64_t allocations = 0;

bool add_chunk(size_t steps) {
  if (chunks == kPool / kChunk) return false;
  Blocks& of_size = blocks[steps];
  of_size.fresh = pool + chunks * kChunk;
  of_size.end = of_size.fresh + kChunk;
  steps_of[chunks++] = static_cast<uint8_t>(steps);
  return true;
}

/// Null: too large, not the pool's thread, or the pool is used up.
[[maybe_unused]] void* take_from_pool(size_t size) {
  if (!has_pool || size > kLargestBlock) return nullptr;
  size_t steps = size == 0 ? 1 : (size + kStep - 1) / kStep;
  Blocks& of_size = blocks[steps];
  if (FreeBlock* block = of_size.free) {
    of_size.free = block->next;
    return block;
  }
  if (static_cast<size_t>(of_size.end - of_size.fresh) < steps * kStep && !add_chunk(steps)) return nullptr;
  void* block = of_size.fresh;
  of_size.fresh += steps * kStep;
  return block;
}

/// False where the block is not the pool's.
[[maybe_unused]] bool give_to_pool(void* block) {
  size_t offset = reinterpret_cast<uintptr_t>(block) - reinterpret_cast<uintptr_t>(pool);
  if (offset >= kPool) return false;
  if (!has_pool) return true;
  Blocks& of_size = blocks[steps_of[offset / kChunk]];
  of_size.free = new (block) FreeBlock{of_size.free};
  return true;
}

/// The heap grows once, and in large pages. A block that is never used fills what lies before the first of them: were it
/// given back, or did the heap's end lie in one before it was asked for, a large page would become small ones.
void reserve_malloc() {
  mallopt(M_TOP_PAD, kGrowth);
  mallopt(M_MMAP_THRESHOLD, kGrowth);  // so that the block below comes from the heap
  auto begin = reinterpret_cast<uintptr_t>(sbrk(0));
  uintptr_t first = (begin + kLeastGap + kLargePage - 1) / kLargePage * kLargePage;
  void* volatile unused = std::malloc(first - begin);  // volatile: else the compiler leaves it out
  static_cast<void>(unused);
  auto end = reinterpret_cast<uintptr_t>(sbrk(0));
  if (first < end) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}

}  // namespace

void reserve_heap() {
  if (!counts_allocations()) return;  // a sanitizer has a heap of its own, and would call the unused block a leak
  reserve_malloc();
  madvise(pool, kPool, MADV_HUGEPAGE);
  has_pool = true;
}

uint64_t allocation_count() { return allocations; }
bool counts_allocations() { return LICTOR_OWN_NEW != 0; }

#if LICTOR_OWN_NEW
static void* allocate(size_t size) {
  ++allocations;
  if (void* block = take_from_pool(size)) return block;
  for (;;) {
    if (void* block = std::malloc(size == 0 ? 1 : size)) return block;
    std::new_handler handler = std::get_new_handler();
    if (!handler) throw std::bad_alloc();
    handler();
  }
}

static void* allocate(size_t size, size_t alignment) {
  ++allocations;
  if (void* block = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment)) return block;
  throw std::bad_alloc();
}

static void release(void* block) {
  if (!give_to_pool(block)) std::free(block);
}
#endif

}  // namespace lictor::cli

#if LICTOR_OWN_NEW
void* operator new(std::size_t size) { return lictor::cli::allocate(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return lictor::cli::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept { lictor::cli::release(block); }
void operator delete(void* block, std::size_t) noexcept { lictor::cli::release(block); }
#endif

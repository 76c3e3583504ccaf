// Replaces operator new by malloc and a counter; the library's operator delete, which calls free, serves as it is.
#include "cli/count_allocations.h"

#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LICTOR_COUNTS_ALLOCATIONS 0
#else
#define LICTOR_COUNTS_ALLOCATIONS 1
#endif

namespace lictor::cli {

static thread_local uint64_t allocations = 0;

uint64_t allocation_count() { return allocations; }
bool counts_allocations() { return LICTOR_COUNTS_ALLOCATIONS != 0; }

}  // namespace lictor::cli

#if LICTOR_COUNTS_ALLOCATIONS
void* operator new(std::size_t size) {
  ++lictor::cli::allocations;
  for (;;) {
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    std::new_handler handler = std::get_new_handler();
    if (!handler) throw std::bad_alloc();
    handler();
  }
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  ++lictor::cli::allocations;
  auto align = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(align, (size + align - 1) / align * align)) return memory;
  throw std::bad_alloc();
}
#endif

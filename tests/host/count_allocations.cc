// A file of its own, so that the compiler does not inline one half of a pair and take it for a mistake.
#include "tests/host/count_allocations.h"

#include <cstdlib>
#include <new>

namespace {

thread_local uint64_t g_allocations = 0;

}  // namespace

uint64_t lictor::testing::allocations() { return g_allocations; }

void* operator new(std::size_t size) {
  ++g_allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

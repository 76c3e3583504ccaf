// A file of its own, so that the compiler does not inline one half of a pair and take it for a mistake.
#include "tests/host/count_allocations.h"

#include <cstdlib>
#include <new>

namespace {

thread_local uint64_t g_allocations = 0;
thread_local int64_t g_left = -1;  // until one fails; -1: none will
thread_local bool g_lasting = false, g_failed = false;

bool fails() {
  if (g_left < 0) return false;
  if (g_left > 0) {
    --g_left;
    return false;
  }
  g_failed = true;
  if (!g_lasting) g_left = -1;
  return true;
}

}  // namespace

uint64_t lictor::testing::allocations() { return g_allocations; }

void lictor::testing::fail_allocation_after(int64_t count, bool lasting) {
  g_left = count;
  g_lasting = lasting;
  if (count >= 0) g_failed = false;
}
bool lictor::testing::allocation_failed() { return g_failed; }

void* operator new(std::size_t size) {
  ++g_allocations;
  if (fails()) throw std::bad_alloc();
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++g_allocations;
  return fails() ? nullptr : std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

// SQLite's allocator is wrapped by its own configuration call; `new` is the test program's (count_allocations.cc).
#include "tests/host/failing_memory.h"

#include <sqlite3.h>

#include "tests/host/count_allocations.h"

namespace lictor::testing {
namespace {

sqlite3_mem_methods g_real;
int64_t g_left = -1;  // allocations until the fault; -1: none is planned
bool g_lasting = false, g_struck = false;
int64_t g_held = 0;

bool fails() {
  if (g_left < 0) return false;
  if (g_left > 0) {
    --g_left;
    return false;
  }
  g_struck = true;
  if (!g_lasting) g_left = -1;
  return true;
}

void* take(int size) {
  if (fails()) return nullptr;
  void* memory = g_real.xMalloc(size);
  g_held += memory != nullptr ? 1 : 0;
  return memory;
}
void give(void* memory) {
  g_held -= memory != nullptr ? 1 : 0;
  g_real.xFree(memory);
}
void* take_more(void* memory, int size) { return fails() ? nullptr : g_real.xRealloc(memory, size); }

}  // namespace

FailingMemory::FailingMemory(Of of) : of_(of) {
  g_left = -1;
  g_struck = false;
  if (of_ == Of::kNew) return;
  sqlite3_initialize();
  sqlite3_shutdown();
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &g_real);
  sqlite3_mem_methods wrapped = g_real;
  wrapped.xMalloc = take;
  wrapped.xFree = give;
  wrapped.xRealloc = take_more;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &wrapped);
  sqlite3_initialize();
  g_held = 0;
}

FailingMemory::~FailingMemory() {
  heal();
  if (of_ == Of::kNew) return;
  sqlite3_shutdown();
  sqlite3_config(SQLITE_CONFIG_MALLOC, &g_real);
  sqlite3_initialize();
}

void FailingMemory::fail_after(int64_t allocations, bool lasting) {
  if (of_ == Of::kNew) return fail_allocation_after(allocations, lasting);
  g_left = allocations;
  g_lasting = lasting;
  g_struck = false;
}
void FailingMemory::heal() {
  g_left = -1;
  fail_allocation_after(-1, false);
}
bool FailingMemory::struck() const { return of_ == Of::kNew ? allocation_failed() : g_struck; }
int64_t FailingMemory::held() const { return g_held; }

}  // namespace lictor::testing

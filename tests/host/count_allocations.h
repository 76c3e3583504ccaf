// Counts the allocations of each thread, and lets them fail: the test program's operator new does it.
#pragma once

#include <cstdint>

namespace lictor::testing {

/// Allocations by `new` of this thread so far.
uint64_t allocations();

/// This thread's allocation after `count` more fails with std::bad_alloc; all later ones too where `lasting`. -1: none.
void fail_allocation_after(int64_t count, bool lasting);
/// Has one failed since then?
bool allocation_failed();

}  // namespace lictor::testing

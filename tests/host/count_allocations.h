// Counts the allocations of each thread: the test program's operator new does it.
#pragma once

#include <cstdint>

namespace lictor::testing {

/// Allocations by `new` of this thread so far.
uint64_t allocations();

}  // namespace lictor::testing

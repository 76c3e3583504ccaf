// How often this thread has asked operator new for memory, so that `lictor bench` can show that a decision does not.
#pragma once

#include <cstdint>

namespace lictor::cli {

/// Since the thread began. Always 0 where counts_allocations() is false: sanitizers bring their own operator new.
uint64_t allocation_count();
bool counts_allocations();

}  // namespace lictor::cli

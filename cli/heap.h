// The heap of a command that lives for milliseconds: half of what `lictor eval` does with memory is small blocks that live
// briefly, and for these malloc takes a sixth of all instructions.
//
// So the thread of main() has a pool in front of malloc: for each size of small blocks a list of free ones, without locks,
// headers or merging. The pool is finite; what does not fit comes from malloc. Other threads never take from it, and a
// block of it that another thread frees is not used again.
#pragma once

#include <cstdint>

namespace lictor::cli {

/// Gives the calling thread the pool, and asks for large pages in it and in the heap behind it: thousands of faults for
/// small pages are a good part of the time of `lictor eval`. Where the system has no large pages, nothing changes.
/// Call it first thing in main(), and nowhere else.
void reserve_heap();

/// How often this thread has asked operator new for memory, so that `lictor bench` can show that a decision does not.
/// Always 0 where counts_allocations() is false: sanitizers bring their own operator new.
uint64_t allocation_count();
bool counts_allocations();

}  // namespace lictor::cli

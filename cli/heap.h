// The heap of a command that lives for milliseconds.
#pragma once

namespace lictor::cli {

/// Grows the heap once, and asks for large pages in it: thousands of faults for small pages are a good part of the time that
/// `lictor eval` takes on a bundle of 1,000 clauses. Where the system has no large pages, nothing changes. Call it
/// first thing in main().
void reserve_heap();

}  // namespace lictor::cli

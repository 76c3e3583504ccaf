// How DecisionPoint::decide() asks native code without a call into the library. Not for users: what stands here may change
// with every version.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace lictor {

struct EvalContext;

namespace detail {

/// Of a bound request: what a decision in native code needs of it. It is open once the request was decided by native code
/// that needs no preparing, as long as no newer facts are published.
struct Straight {
  static constexpr uint64_t kClosed = UINT64_MAX;
  static constexpr uint8_t kRefused = 0xff;  // in the answer's lowest byte: the library must be asked
  static constexpr uint32_t kValues = 24;    // room that the code wants

  uint64_t version = kClosed;  // of the facts that it is open for
  uint64_t (*code)(EvalContext* context,
                   int64_t* values) = nullptr;  // outcome in the lowest byte, clause in the upper half
  EvalContext* context = nullptr;
  int64_t* now = nullptr;          // in the context
  const void* decision = nullptr;  // which decision of which policy it was bound for
};

/// Of a decision.
struct StraightPoint {
  const std::atomic<uint64_t>* version = nullptr;  // of the newest facts
  const void* decision = nullptr;
  const std::string_view* clauses = nullptr;  // ids, by number + 1
  bool uses_now = false;
};

}  // namespace detail
}  // namespace lictor

// How DecisionPoint::decide() asks for an answer without a call into the library. Not for users: what stands here may change
// with every version.
//
// What all requests of a decision share in one version of the facts is their Way. A request adds a Straight, its own words
// behind it: that block is all that a decision touches of a request, and blocks of one policy lie side by side.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace lictor::detail {

struct Way;

/// What code reads while it decides, on the caller's stack.
struct StraightContext {
  const void* facts;
  const int64_t* fields;
  int64_t now;
  void* runtime;
  uint64_t steps;
  const Way* way;
};

/// One decision in one version of the facts. Its code is set before the first request takes it.
struct Way {
  using Code = uint64_t (*)(StraightContext* context, int64_t* values);  // a QuickDecision
  static constexpr uint64_t kClosed = UINT64_MAX;

  uint64_t version = kClosed;  // of the facts
  std::atomic<Code> code = nullptr;
  const void* facts = nullptr;
  uint64_t steps = 0;
  const void* decision = nullptr;  // which decision of which policy
};

inline constinit const Way kNoWay;

/// The head of a bound request's block. Its way is open once it was decided in a way that needs no preparing.
struct Straight {
  static constexpr uint8_t kRefused = 0xff;  // in the answer's lowest byte: the library must be asked
  static constexpr uint32_t kValues = 24;    // room that the code wants

  const Way* way = &kNoWay;
  void* runtime = nullptr;

  const int64_t* fields() const { return reinterpret_cast<const int64_t*>(this + 1); }

  /// REQUIRES: the way is open. Outcome in the lowest byte, then whether native code says so; clause in the upper half.
  uint64_t decide(int64_t now) const {
    int64_t values[kValues];
    StraightContext context{way->facts, fields(), now, runtime, way->steps, way};
    return way->code.load(std::memory_order_relaxed)(&context, values);
  }
};

/// Of a decision.
struct StraightPoint {
  const std::atomic<uint64_t>* version = nullptr;  // of the newest facts
  const void* decision = nullptr;
  const std::string_view* clauses = nullptr;  // ids, by number + 1
  bool uses_now = false;
};

}  // namespace lictor::detail

// Pipelines as the interpreter runs them: flat code for a small register machine. Nested loops are jumps: each looping step
// has a `next` instruction, and whatever fails to its right jumps back to it. Views are expanded where they are called.
//
// An operand is a number: its base in the upper bits, an index below it. The frame holds the slots, then iterators (five
// words each: row, position, end, and two of their own), then temporaries.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/plan.h"

namespace lictor {

enum class Vm : uint8_t {
#define LICTOR_CODE(id, doc) id,
#include "runtime/code.def"
#undef LICTOR_CODE
};

using Operand = uint32_t;
enum class Base : uint32_t { kFrame, kImmediate, kConstant, kField, kNow };
inline constexpr uint32_t kBaseShift = 28;
inline constexpr uint32_t kBases = 5;
inline Operand operand(Base base, uint32_t index) { return static_cast<uint32_t>(base) << kBaseShift | index; }

inline constexpr uint8_t kFlagRequest = 1;  // a request-time relation or index
inline constexpr uint8_t kFlagDelta = 2;
inline constexpr uint32_t kIteratorWords = 5;

struct Instr {
  Vm op = Vm::kHalt;
  uint8_t flags = 0;
  uint16_t n = 0;
  uint32_t dst = 0;  // index in the frame; temporaries lie behind it
  uint32_t a = 0, b = 0;
  uint32_t target = 0;  // position in the code
  uint32_t x = 0;
};

struct AggregateCode {
  Aggregate what = Aggregate::kCount;
  TypeId type = kErrorType;
  int64_t percentile = 0;
  uint32_t site = 0;
};

struct Code {
  std::vector<Instr> instrs;
  std::vector<Operand> pool;
  std::vector<int64_t> immediates;
  std::vector<Span> sites;  // where an error can happen
  std::vector<AggregateCode> aggregates;
  uint32_t frame = 0;  // words
  uint32_t emits = 0;  // words of a solution
};

/// How many instructions one pipeline may become; views inside views inside views would go beyond.
inline constexpr size_t kMostInstructions = 1u << 20;

}  // namespace lictor

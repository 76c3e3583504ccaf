// How facts and requests lie in memory while a decision runs: the contract between the runtime, which fills these
// structures, and generated code, which reads them. All are plain C structures; generated code addresses their members
// by the offsets that C++ gives them (compiler/llvm/types.cc), so the order of members may change, their meaning not.
// Everything reachable from a SnapshotView is immutable while the snapshot lives: loads from it are invariant.
//
// Words: compiler/types.h. An entity's word is (entity type << 32) | number; number 0 is "none", 1..count are the known
// instances, numbers with bit 31 set are instances that only this request knows. Symbols: 0..n-1 are the snapshot's,
// numbers with bit 31 set (and nothing above) are texts that only this request knows.
#pragma once

#include <cstdint>

namespace lictor {

struct RelationView {
  const int64_t* rows;  // row-major, arity words each
  uint32_t count;
  uint32_t arity;
};

/// Rows of a relation grouped by the words of some columns. A key's rows are permutation[begin..end), in row order.
/// dense: one column, and key - base < size gives begin = offsets[key - base], end = offsets[key - base + 1].
/// Otherwise lictor_probe() finds the range by hashing.
/// unique and dense: offsets[key - base] is the row number plus 1, or 0 where there is none (no permutation).
struct IndexView {
  const uint32_t* offsets;
  const uint32_t* permutation;
  int64_t base;
  uint64_t size;
  uint32_t dense;    // 0 or 1
  uint32_t unique;   // 0 or 1: at most one row per key
  const void* hash;  // runtime's own
};

/// Attribute a of instance i of an entity type is columns[a][i]. Row 0 is "none": every attribute there is kNoneWord.
/// Row count + 1 holds the defaults, for instances that only the request knows: read at min(number, count + 1).
struct EntityView {
  const int64_t* const* columns;
  uint32_t count;
};

/// A set (words ascending as signed numbers), list, map (k0 v0 k1 v1 ..., keys ascending) or record. A map keyed by an
/// enum and complete has the value of ordinal k at words[2 * k + 1].
struct CompoundView {
  const int64_t* words;
  uint32_t count;  // words
};

struct SnapshotView {
  const RelationView* relations;         // by relation number
  const IndexView* indexes;              // by Plan::indexes
  const EntityView* entities;            // by entity type
  const int64_t* const* columns;         // EntityView::columns of all types, one after the other
  const CompoundView* const* compounds;  // by compound id
  const int64_t* constants;              // by Plan::constants
  uint64_t version;
};

/// Why an expression has no value. The texts are in runtime/decision.cc.
enum class EvalErrorKind : uint8_t {
  kOverflow = 1,  // a result that does not fit its type
  kDivisionByZero,
  kNotWhole,    // int() of a decimal with a fraction
  kLimit,       // `limit N` of a rule reached
  kBudget = 5,  // steps, memory or time exhausted: denies the decision as a whole
  kKey,         // rules give two values for one key
  kZone,        // a time zone that does not exist
  kYield,       // a `yield` has two values
  kGranted,     // the decision that `granted` asks has errors
};

/// One evaluation. `fields` has one word per request field (entities and strings already resolved).
struct EvalContext {
  const SnapshotView* snapshot;
  const int64_t* fields;  // and behind them DecisionPlan::bound_rows
  int64_t now;            // microseconds since 1970, UTC
  void* runtime;          // the runtime's own (request-local texts and entities, errors, budget); see abi.def
  uint64_t
      steps;  // what is left of the step budget; generated code takes from it in its loops, that of light decisions
              // from a copy
};

/// What the quick form of a decision says. Generated code returns it as one word, in a register.
struct QuickDecision {
  uint8_t outcome = kRefused;  // ast::Outcome, or kRefused
  uint8_t native = 0;          // 1: generated code says so
  uint8_t values = kNoValues;  // how many words of the deciding instance were stored, or kNoValues
  uint8_t unused = 0;
  int32_t clause = -1;  // number of the deciding clause, -1: the default

  /// The full form must be taken: an error is possible, or a budget is exhausted.
  static constexpr uint8_t kRefused = 0xff;
  /// Only outcome and clause are known.
  static constexpr uint8_t kNoValues = 0xff;
  /// The most words of an instance that are stored.
  static constexpr uint32_t kMostValues = 24;
};
static_assert(sizeof(QuickDecision) == sizeof(uint64_t));

}  // namespace lictor

// Aggregates over the distinct tuples of a bag (docs/language.md, "Aggregates").
#pragma once

#include "compiler/arith.h"
#include "compiler/core.h"
#include "runtime/relation/row_store.h"
#include "runtime/values.h"

namespace lictor {

struct AggregateResult {
  enum class Kind : uint8_t { kValue, kNoRow, kError };
  Kind kind = Kind::kValue;
  int64_t word = 0;
  EvalErrorKind error = EvalErrorKind::kOverflow;
};

/// The aggregate of the first word of each tuple, a value of type `type`. `percentile`: the share as a decimal word.
/// kCollect interns its set into `values`.
AggregateResult aggregate(const Schema& schema, ValueTable& values, const RowStore& tuples, Aggregate what, TypeId type,
                          int64_t percentile);

}  // namespace lictor

// Base facts as words: interned, checked as a whole, equal rows merged. The first half of every publish.
#pragma once

#include <memory>
#include <vector>

#include "runtime/facts.h"
#include "runtime/relation/row_store.h"
#include "runtime/value_table.h"

namespace lictor {

/// The instances of one entity type: number 1..declared were given, declared+1..known are only mentioned.
struct BaseEntities {
  uint32_t declared = 0;
  uint32_t known = 0;
  std::vector<std::vector<int64_t>> columns;  // by attribute, then number; 0 is none, known + 1 the defaults
};

struct BaseFacts {
  std::unique_ptr<ValueTable> values;              // its entities are frozen
  std::vector<BaseEntities> entities;              // by entity type
  std::vector<std::unique_ptr<RowStore>> rows;     // by relation
  std::vector<std::pair<int64_t, int64_t>> edges;  // (member, container) as given, distinct, ascending
};

/// Fails with kInvalid: a key with two rows, an instance given twice with different attributes, an id that a closed
/// type does not have, also where a parameter or the text of `plan` (if there is one) reads it.
Result<BaseFacts> encode_facts(const Schema& schema, const FactSet& facts, const Plan* plan = nullptr);

}  // namespace lictor

// Computing the relations of one stratum by semi-naive iteration.
//
// Every rule runs once over all rows; in a recursive stratum its delta forms then run, each time with the rows that the
// round before added, until a round adds none. Rows that a round finds become visible at its end.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "runtime/eval_state.h"
#include "runtime/prepared.h"

namespace lictor {

/// Rows go into `stores` (by relation of the stratum, in its order), which may hold rows already. Errors go to
/// state.errors, each with its rule's head. False where a budget was exhausted: the rows then mean nothing.
bool compute_stratum(const PreparedStratum& stratum, EvalState& state, const std::vector<RowStore*>& stores,
                     int64_t* frame);

/// The first two rows that share the key of `decl`, which has one. REQUIRES: the rows are that relation's.
std::optional<std::pair<uint32_t, uint32_t>> first_conflict(const RelationDecl& decl, const RowStore& rows);

}  // namespace lictor

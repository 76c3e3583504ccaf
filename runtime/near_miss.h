// Why the clauses that could have changed the answer did not apply.
#pragma once

#include <vector>

#include "runtime/body_search.h"
#include "runtime/proof.h"

namespace lictor {

/// One per clause of another outcome than the decision's that has no instance, nearest first: by how many of its premises
/// did not hold, then in source order. The premise is the one where the binding that got furthest failed.
std::vector<NearMiss> near_misses(BodySearch& search, const DecisionPlan& plan, const DecisionResult& decision);

}  // namespace lictor

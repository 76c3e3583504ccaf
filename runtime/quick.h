// The quick form of a decision in the interpreter: outcome and clause, no reasons, stopping at the first clause that
// settles it.
#pragma once

#include "runtime/request.h"

namespace lictor {

/// Fills in outcome and clause alone. REQUIRES: no clause of the decision can err; state.begin() was called. outcome -1:
/// a budget was exhausted.
void quick_decision(BoundRequest::State& state, QuickDecision& out);

}  // namespace lictor

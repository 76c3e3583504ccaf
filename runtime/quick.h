// The quick form of a decision in the interpreter: outcome and clause, no reasons, stopping at the first clause that
// settles it.
#pragma once

#include "runtime/request.h"

namespace lictor {

/// Outcome and clause alone. REQUIRES: no clause of the decision can err; state.begin() was called. Refused: a budget was
/// exhausted.
QuickDecision quick_decision(BoundRequest::State& state);

}  // namespace lictor

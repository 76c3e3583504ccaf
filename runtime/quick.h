// The quick form of a decision in the interpreter: outcome and clause, no reasons, stopping at the first clause that
// settles it.
#pragma once

#include "runtime/request.h"

namespace lictor {

/// Outcome and clause alone. REQUIRES: no clause of the decision can err; state.begin() was called. Refused: a budget was
/// exhausted.
QuickDecision quick_decision(BoundRequest::State& state);

/// The same of a prepared decision with an evaluation and a frame of one's own.
QuickDecision quick_decision(EvalState& state, int64_t* frame, const PreparedDecision& decision,
                             ast::Outcome otherwise);

/// The code of a DecisionWay that is interpreted. REQUIRES: the decision is light; context->runtime is the request's State,
/// of which nothing but texts that the facts do not know is read.
uint64_t interpret_straight(detail::StraightContext* context, int64_t* values);

}  // namespace lictor

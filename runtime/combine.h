// From the instances that applied to the decision: ranks, outcomes, reasons, obligations. One piece of code for every
// engine, so they cannot differ here.
#pragma once

#include "runtime/decision.h"
#include "runtime/instances.h"

namespace lictor {

/// The answer of decision `number`. Messages and obligations are evaluated here and may make their clause err.
/// `state.errors` is used; everything else that evaluation needs is set up. `name`, `now` and version are left to the
/// caller.
DecisionResult combine(EvalState& state, uint32_t number, const Instances& instances);

/// The answer where a budget was exhausted: deny, whatever had been found.
DecisionResult denied_by_budget(const Plan& plan, uint32_t number);

}  // namespace lictor

// Why a change of facts was refused: the rule that errs on them, and the values it erred with.
#pragma once

#include <optional>

#include "lictor/error.h"
#include "runtime/eval_state.h"

namespace lictor {

class Snapshot;

/// kInvalid with a diagnostic per error, in order of place. `facts` is the version that was being built.
Error fact_error(const Snapshot& facts, EvalState& state, const ErrorList& errors);

/// kInvalid with a diagnostic per violation, a few of each invariant. Nothing where all hold. `facts`: the version that is
/// being built, with all that is derived from it; `state` evaluates over it.
std::optional<Error> broken_invariants(const Snapshot& facts, EvalState& state);

}  // namespace lictor

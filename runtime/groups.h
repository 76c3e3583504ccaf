// The clause groups of a decision in the interpreter, in full: every instance and every error.
#pragma once

#include "runtime/instances.h"

namespace lictor {

/// All instances and errors of all clauses of a decision. `frame`: Prepared::frame words. REQUIRES: state.prepared is set.
void interpret_groups(EvalState& state, int64_t* frame, uint32_t decision, Instances& instances);

}  // namespace lictor

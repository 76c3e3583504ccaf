// The functions of the standard modules and the lesser ones of the core, for operation(): what no hot loop needs.
#pragma once

#include "compiler/arith.h"
#include "compiler/core.h"
#include "runtime/eval_state.h"

namespace lictor {

/// REQUIRES: an operation of ops.def between kAbs and kFloatToDec.
arith::Checked function(EvalState& state, Op op, const int64_t* operands);

}  // namespace lictor

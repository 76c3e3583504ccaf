// The operations of expressions that are more than a machine instruction, for every engine.
#pragma once

#include "compiler/arith.h"
#include "compiler/core.h"
#include "runtime/eval_state.h"

namespace lictor {

/// An operation of ops.def that is neither a leaf nor lazy. `operands` and `n`: abi.def, lictor_operation.
arith::Checked operation(EvalState& state, Op op, const int64_t* operands, uint32_t count, int64_t n);

/// Attribute `attribute` of an entity (or none) of type `type`, what the request brought included.
int64_t attribute(const EvalState& state, uint32_t type, int64_t entity, uint32_t attribute);

}  // namespace lictor
